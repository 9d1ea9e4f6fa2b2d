import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Plane } from '../../../roads/graph/index.ts';

/** Straight-line distance through the WGS 84 ellipsoid, m: for some kilometres equal to the ground distance within 1e-7. */
function chord(latA: number, lonA: number, latB: number, lonB: number): number {
  const [a, b] = [
    [latA, lonA],
    [latB, lonB],
  ].map(([lat, lon]) => {
    const phi = (lat * Math.PI) / 180;
    const lambda = (lon * Math.PI) / 180;
    const e2 = 0.0066943799901413165;
    const n = 6378137 / Math.sqrt(1 - e2 * Math.sin(phi) ** 2);
    return [n * Math.cos(phi) * Math.cos(lambda), n * Math.cos(phi) * Math.sin(lambda), n * (1 - e2) * Math.sin(phi)];
  });
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

describe('plane', () => {
  it('comes back to the same place from anywhere within 50 km', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -60, max: 60, noNaN: true }),
        fc.double({ min: -180, max: 180, noNaN: true }),
        fc.double({ min: -50_000, max: 50_000, noNaN: true }),
        fc.double({ min: -50_000, max: 50_000, noNaN: true }),
        (lat, lon, x, y) => {
          const plane = new Plane(lat, lon);
          const [toLat, toLon] = plane.unproject(x, y);
          const [backX, backY] = plane.project(toLat, toLon);
          expect(Math.hypot(backX - x, backY - y)).toBeLessThan(1e-5);
          expect(Math.abs(toLon)).toBeLessThanOrEqual(180);
        },
      ),
    );
  });

  it('measures true metres: within 2e-4 inside 1 km of the origin, 6e-3 inside 30 km, at latitudes up to 50', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -50, max: 50, noNaN: true }),
        fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
        fc.constantFrom(1000, 30_000),
        (lat, angle, reach) => {
          const plane = new Plane(lat, 51);
          const [x, y] = [Math.sin(angle) * reach, Math.cos(angle) * reach];
          const distance = chord(lat, 51, plane.lat(y), plane.lon(x));
          expect(Math.abs(distance / reach - 1)).toBeLessThan(reach === 1000 ? 2e-4 : 6e-3);
        },
      ),
    );
  });

  it('goes the short way over the antimeridian', () => {
    expect(new Plane(0, 179.999).x(-179.999)).toBeCloseTo(222.6, 0);
  });

  it('refuses origins that are no place with the value', () => {
    expect(() => new Plane(91, 0)).toThrow(/91/);
    expect(() => new Plane(0, Number.NaN)).toThrow(RangeError);
  });
});
