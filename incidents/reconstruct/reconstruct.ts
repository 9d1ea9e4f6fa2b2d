import type { VehicleState } from '../../messages/index.ts';
import { type Body, centroidOf, directionOf, overlapOf, type Point, separation } from './body-rectangle.ts';
import { type ContactZone, contactZone, forceClock } from './contact-zone.ts';
import type { Track } from './tracks.ts';

/** One party's part; speeds m/s, lengths m. Every value with its uncertainty (about 1 sigma). */
export interface ReconstructedParty {
  readonly vehicleId: string;
  readonly speedBefore: number;
  readonly speedAfter: number;
  readonly speedUncertainty: number;
  /** Change of velocity in its own frame: forward and left positive; and its amount. */
  readonly deltaVForward: number;
  readonly deltaVLeft: number;
  readonly deltaV: number;
  readonly deltaVUncertainty: number;
  /** Principal direction of force, clock 1..12; absent when the change is too small to have one. */
  readonly forceClock?: number;
  readonly contactZone?: ContactZone;
  /** Speed and acceleration over the last 5 s before the impact, as sent. */
  readonly preCrash: readonly { readonly t: number; readonly speed: number; readonly accel?: number }[];
  readonly length: number;
  readonly width: number;
  /** The dimensions are assumed, the vehicle did not send them. */
  readonly sizeAssumed: boolean;
}

/** Kinematic reconstruction from the parties' own messages. It attributes no fault. */
export interface Reconstruction {
  readonly method: 'kinematic-1';
  /** UTC ms, and about 1 sigma of it. */
  readonly impactMs: number;
  readonly impactUncertaintyMs: number;
  readonly contact?: { readonly lat: number; readonly lon: number };
  readonly placeUncertainty: number;
  /** Speed at which the two closed on each other just before, m/s; two parties only. */
  readonly closingSpeed?: number;
  readonly maxDeltaV: number;
  readonly parties: readonly ReconstructedParty[];
  readonly assumptions: readonly string[];
}

const metresPerDegree = 111_195;
const assumedSize = { length: 4.5, width: 1.8 };
/** The impact is looked for this far about the reported time. */
const searchMs = 10_000;

/**
 * Impact time, velocity changes, force directions, contact zones and closing speed of an event at about `aboutMs` (UTC ms).
 * With two or more tracks the impact is where the two nearest bodies come closest; with one where its speed changes most.
 * Undefined when no track has two states with speed and heading near the time.
 */
export function reconstruct(aboutMs: number, tracks: readonly Track[]): Reconstruction | undefined {
  const usable = tracks
    .map((track) => ({ ...track, states: track.states.filter(isKinematic) }))
    .filter((track) => track.states.filter((state) => Math.abs(state.timestampMs - aboutMs) <= searchMs).length >= 2);
  if (usable.length === 0) return undefined;
  const origin = usable[0].states[0];
  const jumps = usable.map((track) => largestJump(track, aboutMs));
  const pair = nearestPair(usable, jumps, origin);
  const impactMs = pair?.atMs ?? jumps[0].atMs;
  const interval = Math.max(...usable.map((track) => intervalAt(track, impactMs)));
  const contact = pair === undefined ? undefined : centroidOf(pair.overlap);
  const parties = usable.map((track) =>
    party(
      track,
      impactMs,
      contact === undefined || pair?.tracks.includes(track) !== true ? undefined : contact,
      origin,
    ),
  );
  const accuracy = Math.max(...usable.flatMap((track) => track.states.slice(-5).map((state) => state.accuracy ?? 3)));
  return {
    method: 'kinematic-1',
    impactMs: Math.round(impactMs),
    impactUncertaintyMs: Math.round(Math.max(50, interval / 2)),
    ...(contact === undefined ? {} : { contact: toDegrees(contact, origin) }),
    placeUncertainty: accuracy,
    ...(pair === undefined ? {} : { closingSpeed: round(closingSpeed(pair.tracks, impactMs)) }),
    maxDeltaV: Math.max(...parties.map((one) => one.deltaV)),
    parties,
    assumptions: assumptionsOf(parties, pair !== undefined),
  };
}

type Kinematic = VehicleState & { readonly speed: number; readonly headingDeg: number };
type KinematicTrack = { readonly vehicleId: string; readonly states: readonly Kinematic[] };

function isKinematic(state: VehicleState): state is Kinematic {
  return state.speed !== undefined && state.headingDeg !== undefined;
}

/** The interval between two states over which the velocity vector changes fastest near the time. */
function largestJump(track: KinematicTrack, aboutMs: number): { readonly atMs: number; readonly rate: number } {
  let best = { atMs: aboutMs, rate: -1 };
  for (let i = 1; i < track.states.length; i++) {
    const a = track.states[i - 1];
    const b = track.states[i];
    const atMs = (a.timestampMs + b.timestampMs) / 2;
    if (Math.abs(atMs - aboutMs) > searchMs) continue;
    const [ax, ay] = velocity(a);
    const [bx, by] = velocity(b);
    const rate = Math.hypot(bx - ax, by - ay) / Math.max(0.05, (b.timestampMs - a.timestampMs) / 1000);
    if (rate > best.rate) best = { atMs, rate };
  }
  return best;
}

/** The two parties whose bodies come deepest into each other (or nearest) about the velocity jumps, and when they first do. */
function nearestPair(
  tracks: readonly KinematicTrack[],
  jumps: readonly { atMs: number; rate: number }[],
  origin: VehicleState,
) {
  let best: { tracks: readonly KinematicTrack[]; atMs: number; gap: number; overlap: readonly Point[] } | undefined;
  for (let i = 0; i < tracks.length; i++)
    for (let j = i + 1; j < tracks.length; j++) {
      const centre = jumps[i].rate > jumps[j].rate ? jumps[i].atMs : jumps[j].atMs;
      const found = closestApproach(tracks[i], tracks[j], centre, origin);
      if (found !== undefined && found.gap < 3 && (best === undefined || found.gap < best.gap))
        best = { ...found, tracks: [tracks[i], tracks[j]] };
    }
  return best;
}

const stepMs = 10;
/** Bodies this near touch, m. */
const touch = 0.02;

function closestApproach(a: KinematicTrack, b: KinematicTrack, centreMs: number, origin: VehicleState) {
  let best: { atMs: number; gap: number; overlap: readonly Point[] } | undefined;
  for (let atMs = centreMs - 1500; atMs <= centreMs + 1500; atMs += stepMs) {
    const bodyA = bodyAt(a, atMs, origin);
    const bodyB = bodyAt(b, atMs, origin);
    if (bodyA === undefined || bodyB === undefined) continue;
    const gap = separation(bodyA, bodyB);
    // First touch decides; without a touch (position noise) the nearest approach does.
    if (gap <= touch) {
      const overlap = overlapOf(bodyA, bodyB);
      return { atMs, gap, overlap: overlap.length > 0 ? overlap : [midpoint(bodyA, bodyB)] };
    }
    if (best === undefined || gap < best.gap - 1e-6) best = { atMs, gap, overlap: [midpoint(bodyA, bodyB)] };
  }
  return best;
}

function midpoint(a: Body, b: Body): Point {
  return [
    (a.x - (a.hx * a.length) / 2 + b.x - (b.hx * b.length) / 2) / 2,
    (a.y - (a.hy * a.length) / 2 + b.y - (b.hy * b.length) / 2) / 2,
  ];
}

function party(
  track: KinematicTrack,
  impactMs: number,
  contact: Point | undefined,
  origin: VehicleState,
): ReconstructedParty {
  const before = lastBefore(track.states, impactMs - 20) ?? track.states[0];
  const after = firstSettled(track.states, impactMs) ?? before;
  const [vx, vy] = velocity(before);
  const [wx, wy] = velocity(after);
  const [hx, hy] = directionOf(before.headingDeg);
  const forward = (wx - vx) * hx + (wy - vy) * hy;
  const left = -(wx - vx) * hy + (wy - vy) * hx;
  const gapSeconds = (after.timestampMs - before.timestampMs) / 1000;
  const clock = forceClock(forward, left);
  const body = bodyAt(track, impactMs, origin);
  const size = sizeOf(before);
  return {
    vehicleId: track.vehicleId,
    speedBefore: round(before.speed),
    speedAfter: round(after.speed),
    speedUncertainty: 0.5,
    deltaVForward: round(forward),
    deltaVLeft: round(left),
    deltaV: round(Math.hypot(forward, left)),
    // Braking up to 8 m/s² between the two states cannot be told from the impact itself.
    deltaVUncertainty: round(Math.hypot(0.7, Math.min(3, (8 * gapSeconds) / 2))),
    ...(clock === undefined ? {} : { forceClock: clock }),
    ...(contact === undefined || body === undefined ? {} : { contactZone: contactZone(body, contact) }),
    preCrash: track.states
      .filter((state) => state.timestampMs >= impactMs - 5000 && state.timestampMs <= impactMs)
      .map((state) => ({
        t: round((state.timestampMs - impactMs) / 1000),
        speed: state.speed,
        ...(state.accel === undefined ? {} : { accel: state.accel }),
      })),
    ...size,
  };
}

/** The state that shows the velocity after the impact: the first at least 50 ms later, so that the jump is over. */
function firstSettled(states: readonly Kinematic[], impactMs: number): Kinematic | undefined {
  return states.find((state) => state.timestampMs >= impactMs + 50);
}

function lastBefore(states: readonly Kinematic[], atMs: number): Kinematic | undefined {
  return states.findLast((state) => state.timestampMs <= atMs);
}

function intervalAt(track: KinematicTrack, atMs: number): number {
  const after = track.states.find((state) => state.timestampMs > atMs);
  const before = lastBefore(track.states, atMs);
  return after === undefined || before === undefined ? 1000 : after.timestampMs - before.timestampMs;
}

function closingSpeed(tracks: readonly KinematicTrack[], impactMs: number): number {
  const [a, b] = tracks.map((track) => velocity(lastBefore(track.states, impactMs - 20) ?? track.states[0]));
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

/** Pose at an instant: along the last state's course until it is reached by the next (speed and heading held), never across a gap of 2 s. */
export function bodyAt(track: Track, atMs: number, origin: VehicleState): Body | undefined {
  const state = track.states.findLast((one) => one.timestampMs <= atMs && one.headingDeg !== undefined);
  if (state === undefined || state.headingDeg === undefined || atMs - state.timestampMs > 2000) return undefined;
  const [hx, hy] = directionOf(state.headingDeg);
  const [x0, y0] = toPlane(state, origin);
  const next = track.states.find((one) => one.timestampMs > atMs);
  const size = sizeOf(state);
  if (next !== undefined && next.timestampMs - state.timestampMs <= 2000) {
    const share = (atMs - state.timestampMs) / (next.timestampMs - state.timestampMs);
    const [x1, y1] = toPlane(next, origin);
    return { x: x0 + share * (x1 - x0), y: y0 + share * (y1 - y0), hx, hy, ...size };
  }
  const run = ((state.speed ?? 0) * (atMs - state.timestampMs)) / 1000;
  return { x: x0 + hx * run, y: y0 + hy * run, hx, hy, ...size };
}

function sizeOf(state: VehicleState): { length: number; width: number; sizeAssumed: boolean } {
  const { length, width } = state;
  return length === undefined || width === undefined
    ? { length: length ?? assumedSize.length, width: width ?? assumedSize.width, sizeAssumed: true }
    : { length, width, sizeAssumed: false };
}

function velocity(state: Kinematic): Point {
  const [hx, hy] = directionOf(state.headingDeg);
  return [hx * state.speed, hy * state.speed];
}

/** Plane about `origin`, x east, y north, m. */
export function toPlane(place: { readonly lat: number; readonly lon: number }, origin: VehicleState): Point {
  const east = (place.lon - origin.lon) * Math.cos((origin.lat * Math.PI) / 180);
  return [east * metresPerDegree, (place.lat - origin.lat) * metresPerDegree];
}

function toDegrees([x, y]: Point, origin: VehicleState): { lat: number; lon: number } {
  const lon = origin.lon + x / (metresPerDegree * Math.cos((origin.lat * Math.PI) / 180));
  return { lat: Number((origin.lat + y / metresPerDegree).toFixed(7)), lon: Number(lon.toFixed(7)) };
}

function assumptionsOf(parties: readonly ReconstructedParty[], paired: boolean): readonly string[] {
  const assumptions = [
    'clocks of the parties agree within the stated time uncertainty',
    'speed and heading as sent; between two messages the position is interpolated',
    'kinematic reconstruction, no attribution of fault',
  ];
  if (parties.some((one) => one.sizeAssumed))
    assumptions.push(`size not sent: ${assumedSize.length} m x ${assumedSize.width} m assumed`);
  if (!paired) assumptions.push('no second party recorded: impact taken where the velocity changes fastest');
  return assumptions;
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
