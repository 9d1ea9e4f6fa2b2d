const RAD = Math.PI / 180;
/** WGS 84. */
const SEMI_MAJOR = 6378137;
const FLATTENING = 1 / 298.257223563;
const N = FLATTENING / (2 - FLATTENING);
const ECCENTRICITY = Math.sqrt(FLATTENING * (2 - FLATTENING));
/** Rectifying radius, m. */
const RADIUS = (SEMI_MAJOR / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64);

/**
 * Series of Krüger (1912) to the fourth order in the third flattening, as given by Karney, "Transverse Mercator with an accuracy
 * of a few nanometers", J. Geodesy 85 (2011), eqs. 35, 36: error below 1e-6 m within 10 degrees of the central meridian.
 */
const ALPHA = [
  N / 2 - (2 * N ** 2) / 3 + (5 * N ** 3) / 16 + (41 * N ** 4) / 180,
  (13 * N ** 2) / 48 - (3 * N ** 3) / 5 + (557 * N ** 4) / 1440,
  (61 * N ** 3) / 240 - (103 * N ** 4) / 140,
  (49561 * N ** 4) / 161280,
];
const BETA = [
  N / 2 - (2 * N ** 2) / 3 + (37 * N ** 3) / 96 - N ** 4 / 360,
  N ** 2 / 48 + N ** 3 / 15 - (437 * N ** 4) / 1440,
  (17 * N ** 3) / 480 - (37 * N ** 4) / 840,
  (4397 * N ** 4) / 161280,
];

export interface TransverseMercatorOptions {
  /** Degrees. */
  readonly lat0: number;
  readonly lon0: number;
  /** Scale on the central meridian. */
  readonly scale: number;
  readonly falseEasting: number;
  readonly falseNorthing: number;
}

/** Transverse Mercator on WGS 84, both ways; UTM is the case scale 0.9996, false easting 500 km. */
export class TransverseMercator {
  private readonly options: TransverseMercatorOptions;
  private readonly northingOfOrigin: number;

  constructor(options: TransverseMercatorOptions) {
    this.options = options;
    this.northingOfOrigin = options.scale * RADIUS * rectify(options.lat0 * RAD, 0)[0];
  }

  /** Degrees to metres. */
  forward(lat: number, lon: number): [easting: number, northing: number] {
    const { lon0, scale, falseEasting, falseNorthing } = this.options;
    const [xi, eta] = rectify(lat * RAD, (lon - lon0) * RAD);
    return [falseEasting + scale * RADIUS * eta, falseNorthing + scale * RADIUS * xi - this.northingOfOrigin];
  }

  /** Metres to degrees. */
  inverse(easting: number, northing: number): [lat: number, lon: number] {
    const { lon0, scale, falseEasting, falseNorthing } = this.options;
    const xi = (northing - falseNorthing + this.northingOfOrigin) / (scale * RADIUS);
    const eta = (easting - falseEasting) / (scale * RADIUS);
    let xiPrime = xi;
    let etaPrime = eta;
    for (let j = 1; j <= 4; j++) {
      xiPrime -= BETA[j - 1] * Math.sin(2 * j * xi) * Math.cosh(2 * j * eta);
      etaPrime -= BETA[j - 1] * Math.cos(2 * j * xi) * Math.sinh(2 * j * eta);
    }
    const tauPrime = Math.sin(xiPrime) / Math.hypot(Math.sinh(etaPrime), Math.cos(xiPrime));
    return [
      Math.atan(geodeticTangent(tauPrime)) / RAD,
      lon0 + Math.atan2(Math.sinh(etaPrime), Math.cos(xiPrime)) / RAD,
    ];
  }
}

/** xi and eta of the rectifying sphere for a latitude and a longitude difference, radians (Karney eqs. 7 to 11). */
function rectify(phi: number, lambda: number): [xi: number, eta: number] {
  const tauPrime = conformalTangent(Math.tan(phi));
  const xiPrime = Math.atan2(tauPrime, Math.cos(lambda));
  const etaPrime = Math.asinh(Math.sin(lambda) / Math.hypot(tauPrime, Math.cos(lambda)));
  let xi = xiPrime;
  let eta = etaPrime;
  for (let j = 1; j <= 4; j++) {
    xi += ALPHA[j - 1] * Math.sin(2 * j * xiPrime) * Math.cosh(2 * j * etaPrime);
    eta += ALPHA[j - 1] * Math.cos(2 * j * xiPrime) * Math.sinh(2 * j * etaPrime);
  }
  return [xi, eta];
}

/** Tangent of the conformal latitude from that of the geodetic latitude (Karney eq. 7). */
function conformalTangent(tau: number): number {
  const sigma = Math.sinh(ECCENTRICITY * Math.atanh((ECCENTRICITY * tau) / Math.hypot(1, tau)));
  return tau * Math.hypot(1, sigma) - sigma * Math.hypot(1, tau);
}

/** The inverse of `conformalTangent` by Newton's method (Karney eqs. 19 to 21); three steps reach double precision. */
function geodeticTangent(tauPrime: number): number {
  let tau = tauPrime / (1 - ECCENTRICITY ** 2);
  for (let i = 0; i < 4; i++) {
    const guess = conformalTangent(tau);
    const slope =
      ((1 - ECCENTRICITY ** 2) * Math.hypot(1, guess) * Math.hypot(1, tau)) / (1 + (1 - ECCENTRICITY ** 2) * tau ** 2);
    tau += (tauPrime - guess) / slope;
  }
  return tau;
}
