import type { LiveVehicle, Stage } from '../../../messages/index.ts';

/** One vehicle as the map draws it. */
export interface VehicleTrack {
  readonly id: string;
  lon: number;
  lat: number;
  headingDeg: number;
  speed: number;
  stationType: number;
  stage: Stage;
  /** When the state was true, on this computer's clock, UTC ms. */
  trueAtMs: number;
  /** What is left of the jump between the drawn and the newly heard place; fades within half a second. */
  errorLon: number;
  errorLat: number;
  errorHeading: number;
  correctedAtMs: number;
  frame: number;
}

/** A drawn place; `ageSeconds` since the vehicle was heard. */
export interface DrawnPlace {
  readonly lon: number;
  readonly lat: number;
  readonly headingDeg: number;
  readonly ageSeconds: number;
}

/** Beyond this a vehicle stands still on the map and is greyed: guessing further would be inventing. */
export const staleSeconds = 3;
const maxTracks = 5_000;
const metresPerDegree = 111_320;
const blendMs = 500;
/** A vehicle missing from this many frames in a row has left. */
const framesToLeave = 3;

/**
 * Vehicles between frames: each moves on with its last speed and heading (dead reckoning) for at most `staleSeconds`, and a
 * correction is blended in over half a second instead of jumping. Bounded by 5,000; the rest of a larger frame is left out.
 */
export class VehicleTracks {
  readonly #tracks = new Map<string, VehicleTrack>();
  #frame = 0;

  get size(): number {
    return this.#tracks.size;
  }

  values(): IterableIterator<VehicleTrack> {
    return this.#tracks.values();
  }

  get(id: string): VehicleTrack | undefined {
    return this.#tracks.get(id);
  }

  clear(): void {
    this.#tracks.clear();
  }

  /** Takes one frame. `items` ages are as of the frame; `nowMs` is this computer's clock. */
  update(items: readonly LiveVehicle[], nowMs: number): void {
    this.#frame += 1;
    for (const item of items) {
      const before = this.#tracks.get(item[0]);
      if (before === undefined && this.#tracks.size >= maxTracks) continue;
      this.#tracks.set(item[0], corrected(before, item, nowMs, this.#frame));
    }
    for (const track of this.#tracks.values())
      if (this.#frame - track.frame >= framesToLeave) this.#tracks.delete(track.id);
  }
}

function corrected(before: VehicleTrack | undefined, item: LiveVehicle, nowMs: number, frame: number): VehicleTrack {
  const [id, lon, lat, headingDeg, speed, stationType, stage, age] = item;
  const next: VehicleTrack = {
    id,
    lon,
    lat,
    headingDeg,
    speed,
    stationType,
    stage,
    trueAtMs: nowMs - age * 1000,
    errorLon: 0,
    errorLat: 0,
    errorHeading: 0,
    correctedAtMs: nowMs,
    frame,
  };
  if (before === undefined) return next;
  const drawn = placeAt(before, nowMs);
  const wanted = placeAt(next, nowMs);
  const jumpMetres = Math.hypot((drawn.lat - wanted.lat) * metresPerDegree, (drawn.lon - wanted.lon) * metresPerDegree);
  // A real teleport is shown as one, not as a vehicle flying over houses.
  if (jumpMetres > 60) return next;
  next.errorLon = drawn.lon - wanted.lon;
  next.errorLat = drawn.lat - wanted.lat;
  next.errorHeading = ((drawn.headingDeg - wanted.headingDeg + 540) % 360) - 180;
  return next;
}

/** Where to draw the vehicle at `nowMs`. */
export function placeAt(track: VehicleTrack, nowMs: number): DrawnPlace {
  const ageSeconds = Math.max(0, (nowMs - track.trueAtMs) / 1000);
  const ahead = track.speed * Math.min(ageSeconds, staleSeconds);
  const heading = (track.headingDeg * Math.PI) / 180;
  const left = Math.max(0, 1 - (nowMs - track.correctedAtMs) / blendMs);
  const share = left * left;
  return {
    lon:
      track.lon +
      (Math.sin(heading) * ahead) / (metresPerDegree * Math.cos((track.lat * Math.PI) / 180)) +
      track.errorLon * share,
    lat: track.lat + (Math.cos(heading) * ahead) / metresPerDegree + track.errorLat * share,
    headingDeg: track.headingDeg + track.errorHeading * share,
    ageSeconds,
  };
}
