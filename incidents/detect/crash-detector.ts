import type { FleetView } from '../../collision/index.ts';
import { VehicleFlag } from '../../messages/index.ts';
import type { RoadGraph } from '../../roads/graph/index.ts';
import { leastSeparation } from './body-contact.ts';
import { Candidates } from './candidates.ts';
import { ruleBits as bit, evidenceOf, logOddsOf } from './crash-evidence.ts';
import { NearVehicles } from './near-vehicles.ts';
import { createStopPlaces } from './stop-places.ts';
import { TrackHistory } from './track-history.ts';

/** A crash as the core saw it, once per crash and party. Slots and generations as in the fleet view. */
export interface CrashEvent {
  readonly slots: readonly number[];
  readonly generations: readonly number[];
  /** UTC ms, and degrees. */
  readonly occurredAtMs: number;
  readonly lat: number;
  readonly lon: number;
  /** Matched edge, or -1. */
  readonly edge: number;
  readonly logOdds: number;
  readonly evidence: readonly { readonly rule: string; readonly weight: number; readonly detail: string }[];
}

export interface CrashDetectorOptions {
  /** Log-odds from which a crash is told; 4.6 is 99 %. Legal 0..20. */
  readonly threshold?: number;
  /** Changes of motion examined at once, 16..65536. */
  readonly candidates?: number;
}

export interface CrashDetectorCounters {
  readonly candidates: number;
  /** Changes of motion that found no free place. */
  readonly shed: number;
  readonly events: number;
}

export interface CrashDetector {
  /** Every accepted state, in order of each vehicle's time. NaN = not available for speed, headingDeg, accel. Allocates nothing. */
  observe(
    slot: number,
    timestampMs: number,
    lat: number,
    lon: number,
    speed: number,
    headingDeg: number,
    accel: number,
    flags: number,
  ): void;
  /** An alert of this stage went to the vehicle. */
  noteAlert(slot: number, stage: number, otherSlot: number, timeMs: number): void;
  /** Examines what changed; call at 1..10 Hz with the clock of the states (UTC ms). Events since the last call. */
  tick(nowMs: number): CrashEvent[];
  counters(): CrashDetectorCounters;
}

/** A change of motion this strong is worth a look: harder than nearly all driving. */
const lookAcceleration = 3.5;
const lookDeltaV = 1.5;
/** No tyre gives this; a change this fast is an impact. */
const impactAcceleration = 11;
/** Hardest braking of road tyres over a whole second, and the change of speed of a recorded event (8 km/h, 49 CFR 563). */
const hardestBraking = 8.5;
const eventDeltaV = 8 / 3.6;
const standing = 0.5;
const driving = 20 / 3.6;
/** Changes of one vehicle this near in time are one event. */
const sameEventMs = 2500;
const windowMs = 30_000;
const contactWatchMs = 4000;
/** A vehicle that crashed is not told again for this long. */
const quietMs = 60_000;
/** Boxes this near count as touching, m: a base, and per second between states what interpolation may err. */
const touching = 0.2;
const touchingPerSecond = 0.3;
/** A touch counts fully only with a change harder than ordinary hard braking, m/s². */
const firmAcceleration = 5.5;
/** Without a new state of its own the surroundings are searched again after this long, for the others' states. */
const seekAgainMs = 400;
const nearRadius = 32;
/** Who has been silent for longer is no longer where he was, ms. */
const silentMs = 5000;

const flagBits = VehicleFlag.airbagDeployed | VehicleFlag.eCall;

/** Pure: no clock, no randomness, no I/O; the same calls give the same events. Works without a matched edge. */
export function createCrashDetector(
  graph: RoadGraph,
  fleet: FleetView,
  options: CrashDetectorOptions = {},
): CrashDetector {
  const threshold = options.threshold ?? 4.6;
  const size = options.candidates ?? 1024;
  if (!(threshold >= 0 && threshold <= 20)) throw new Error(`crash threshold ${threshold}: 0..20 expected`);
  if (!Number.isInteger(size) || size < 16 || size > 65_536)
    throw new Error(`crash candidates ${size}: 16..65536 expected`);
  const { capacity } = fleet;
  const history = new TrackHistory(capacity, graph.originLat, graph.originLon);
  const near = new NearVehicles(history);
  const places = createStopPlaces(graph, fleet);
  const found = new Int32Array(64);
  const candidates = new Candidates(size);
  /** Place of the slot's candidate + 1. */
  const candidateOf = new Int32Array(capacity);
  const seenGeneration = new Uint32Array(capacity);
  const toldMs = new Float64Array(capacity).fill(Number.NEGATIVE_INFINITY);
  const imminentMs = new Float64Array(capacity).fill(Number.NEGATIVE_INFINITY);
  const hardBrakeMs = new Float64Array(capacity).fill(Number.NEGATIVE_INFINITY);
  const periodMs = new Float32Array(capacity).fill(1000);
  const flagsOf = new Uint32Array(capacity);
  const count = { candidates: 0, shed: 0, events: 0 };
  let live = 0;

  const sizeOf = (sent: number, assumed: number): number => (sent > 0 ? sent : assumed);
  const lengthOf = (slot: number): number => sizeOf(fleet.length[slot], 4.5);
  const widthOf = (slot: number): number => sizeOf(fleet.width[slot], 1.8);

  const openCandidate = (slot: number, fromMs: number, rate: number, rules: number): void => {
    let place = candidateOf[slot] - 1;
    if (place >= 0) {
      // The strongest change stands for the event; what belongs to another moment is forgotten with it.
      if (Math.abs(rate) <= Math.abs(candidates.rate[place])) {
        candidates.rules[place] |= rules & bit['vehicle-flag'];
        return;
      }
      const recent = history.time(slot, 0) - candidates.atMs[place] <= sameEventMs;
      candidates.restart(place, recent ? candidates.rules[place] | rules : rules);
    } else {
      place = candidates.claim(slot);
      if (place < 0) {
        count.shed++;
        return;
      }
      candidateOf[slot] = place + 1;
      candidates.restart(place, rules);
      live++;
      count.candidates++;
    }
    candidates.generation[place] = fleet.generation[slot];
    candidates.fromMs[place] = fromMs;
    candidates.atMs[place] = history.time(slot, 0);
    candidates.x[place] = history.x(slot, 0);
    candidates.y[place] = history.y(slot, 0);
    candidates.speedBefore[place] = history.speed(slot, 1);
    candidates.speedAfter[place] = history.speed(slot, 0);
    candidates.rate[place] = rate;
  };

  const closeCandidate = (place: number): void => {
    candidateOf[candidates.slotPlus[place] - 1] = 0;
    candidates.release(place);
    live--;
  };

  /** What the newest state says by itself. */
  const look = (slot: number, accel: number, flags: number): void => {
    if (history.count(slot) < 2) return;
    const dt = (history.time(slot, 0) - history.time(slot, 1)) / 1000;
    const before = history.speed(slot, 1);
    const deltaV = history.speed(slot, 0) - before;
    const rate = deltaV / dt;
    if (rate <= -4) hardBrakeMs[slot] = history.time(slot, 0);
    let rules = 0;
    if (Math.abs(rate) >= impactAcceleration && Math.abs(deltaV) >= 1.5) rules |= bit['impact-acceleration'];
    if (Math.abs(accel) >= impactAcceleration && Math.abs(deltaV) >= 1) rules |= bit['impact-acceleration'];
    if (Math.abs(rate) >= 8 && Math.abs(deltaV) - Math.max(0, dt - 0.15) * hardestBraking >= eventDeltaV)
      rules |= bit['delta-v'];
    const dx = history.x(slot, 0) - history.x(slot, 1);
    const dy = history.y(slot, 0) - history.y(slot, 1);
    const moved = Math.sqrt(dx * dx + dy * dy);
    // A position that ran away from the speed: what this state says of motion is not believed.
    if (moved > Math.max(before, before + deltaV) * dt + 5) rules = bit['position-jump'];
    if ((flags & flagBits) !== 0 && (flagsOf[slot] & flagBits) === 0) rules |= bit['vehicle-flag'];
    flagsOf[slot] = flags;
    const strong = rules === 0 && Math.abs(rate) >= lookAcceleration && Math.abs(deltaV) >= lookDeltaV;
    if ((rules & ~bit['position-jump']) !== 0 || strong) openCandidate(slot, history.time(slot, 1), rate, rules);
    else if (candidateOf[slot] !== 0 && rules !== 0) candidates.rules[candidateOf[slot] - 1] |= rules;
  };

  /** The other body, if one was touched while the motion changed, and both moved as a push between them would make them. */
  const seekContact = (place: number, nowMs: number): void => {
    const slot = candidates.slotPlus[place] - 1;
    const stateMs = history.time(slot, 0);
    if (stateMs === candidates.soughtStateMs[place] && nowMs - candidates.soughtMs[place] < seekAgainMs) return;
    candidates.soughtMs[place] = nowMs;
    candidates.soughtStateMs[place] = stateMs;
    const number = near.find(candidates.x[place], candidates.y[place], nearRadius, nowMs - silentMs, found);
    const fromMs = candidates.fromMs[place] - 100;
    const toMs = Math.min(nowMs, candidates.atMs[place] + 1500);
    const dt = (candidates.atMs[place] - candidates.fromMs[place]) / 1000;
    for (let i = 0; i < number; i++) {
      const other = found[i];
      if (other === slot) continue;
      const separation = leastSeparation(
        history,
        slot,
        other,
        fromMs,
        toMs,
        lengthOf(slot),
        widthOf(slot),
        lengthOf(other),
        widthOf(other),
      );
      if (separation > touching + touchingPerSecond * dt || !answers(place, other)) continue;
      if (separation < candidates.separation[place]) {
        candidates.separation[place] = separation;
        candidates.otherPlus[place] = other + 1;
        candidates.otherGeneration[place] = fleet.generation[other];
      }
    }
    const other = candidates.otherPlus[place] - 1;
    if (other >= 0) markContact(place, slot, other);
  };

  const markContact = (place: number, slot: number, other: number): void => {
    const otherPlace = candidateOf[other] - 1;
    const together = otherPlace >= 0 && Math.abs(candidates.atMs[otherPlace] - candidates.atMs[place]) <= 1500;
    const rate = Math.max(Math.abs(candidates.rate[place]), together ? Math.abs(candidates.rate[otherPlace]) : 0);
    const firm = rate >= firmAcceleration;
    candidates.rules[place] &= ~(bit.contact | bit['contact-soft']);
    candidates.rules[place] |= bit[firm ? 'contact' : 'contact-soft'];
    if (together && history.courseCosine(slot, other) < 0.87) candidates.rules[place] |= bit['crossing-courses'];
  };

  /** Newton's third law, coarsely: the other one changed its speed as well within a second, or it stood (and weighs); who was pushed was pushed by one that lost speed. */
  const answers = (place: number, other: number): boolean => {
    const otherPlace = candidateOf[other] - 1;
    const together = otherPlace >= 0 && Math.abs(candidates.atMs[otherPlace] - candidates.atMs[place]) <= 1500;
    if (candidates.rate[place] > 0) return together && candidates.rate[otherPlace] < 0;
    return together || history.speed(other, 0) < standing;
  };

  const judge = (place: number, nowMs: number): void => {
    const slot = candidates.slotPlus[place] - 1;
    const speed = history.speed(slot, 0);
    const lastMs = history.time(slot, 0);
    const atMs = candidates.atMs[place];
    let rules = candidates.rules[place];
    if (speed < standing) {
      if (candidates.standsMs[place] === 0) candidates.standsMs[place] = lastMs;
    } else candidates.standsMs[place] = 0;
    const stands = candidates.standsMs[place];
    const before = candidates.speedBefore[place];
    if (stands > 0 && stands - atMs <= 6000) {
      // It came to rest somewhere between its last two states: the middle is taken.
      const dt = (candidates.atMs[place] - candidates.fromMs[place]) / 1000;
      const seconds = Math.max(0.1, (stands - candidates.fromMs[place]) / 1000 - dt / 2);
      if (before >= 3 && before / seconds >= 5 && candidates.rate[place] <= -5) rules |= bit['abrupt-stop'];
      if (lastMs - stands >= 15_000 && !places.isStopPlace(slot)) rules |= bit['rest-off-stop-place'];
      const other = candidates.otherPlus[place] - 1;
      if (other >= 0 && lastMs - stands >= 900 && history.speed(other, 0) < standing) rules |= bit['rest-in-contact'];
    }
    if (nowMs - lastMs > 3 * periodMs[slot] + 500 && lastMs - atMs < 3000) rules |= bit['telemetry-silent'];
    else rules &= ~bit['telemetry-silent'];
    if (atMs - imminentMs[slot] >= 0 && atMs - imminentMs[slot] <= 10_000) rules |= bit['imminent-warning-before'];
    if ((flagsOf[slot] & VehicleFlag.hazardLights) !== 0) rules |= bit['hazard-lights'];
    if (speed > driving && lastMs - atMs >= 3000) rules |= bit['resumed-driving'];
    if (places.isBump(slot)) rules |= bit['bump-place'];
    if (places.isParking(slot)) rules |= bit['parking-place'];
    candidates.rules[place] = rules;
  };

  /** A second state must agree with the change: one wrong speed value is not a crash. */
  const confirmed = (place: number): boolean => {
    const slot = candidates.slotPlus[place] - 1;
    const rules = candidates.rules[place];
    if ((rules & (bit['vehicle-flag'] | bit['telemetry-silent'])) !== 0) return true;
    if (history.time(slot, 0) <= candidates.atMs[place]) return false;
    const changed = candidates.speedAfter[place] - candidates.speedBefore[place];
    const now = history.speed(slot, 0) - candidates.speedBefore[place];
    return now * Math.sign(changed) >= 0.5 * Math.abs(changed);
  };

  const countFollowers = (place: number, nowMs: number): number => {
    const slot = candidates.slotPlus[place] - 1;
    const number = near.find(candidates.x[place], candidates.y[place], 150, nowMs - silentMs, found);
    let braking = 0;
    for (let i = 0; i < number; i++) {
      const other = found[i];
      const sinceMs = hardBrakeMs[other] - candidates.atMs[place];
      if (other === slot || other === candidates.otherPlus[place] - 1 || sinceMs < 0 || sinceMs > 6000) continue;
      if (history.isBehind(slot, other)) braking++;
    }
    return braking;
  };

  const tell = (place: number, logOdds: number): CrashEvent => {
    const slot = candidates.slotPlus[place] - 1;
    const other = candidates.otherPlus[place] - 1;
    const slots = other >= 0 ? [slot, other] : [slot];
    for (const one of slots) toldMs[one] = candidates.atMs[place];
    count.events++;
    const rate = candidates.rate[place].toFixed(1);
    const speeds = `${candidates.speedBefore[place].toFixed(1)} to ${candidates.speedAfter[place].toFixed(1)} m/s, ${rate} m/s²`;
    const gap = other >= 0 ? `, bodies ${candidates.separation[place].toFixed(2)} m apart` : '';
    return {
      slots,
      generations: slots.map((one) => fleet.generation[one]),
      occurredAtMs: Math.round((candidates.fromMs[place] + candidates.atMs[place]) / 2),
      lat: history.latOf(candidates.y[place]),
      lon: history.lonOf(candidates.x[place]),
      edge: fleet.edge[slot],
      logOdds,
      evidence: evidenceOf(candidates.rules[place], speeds + gap),
    };
  };

  return {
    observe(slot, timestampMs, lat, lon, speed, headingDeg, accel, flags) {
      if (fleet.generation[slot] !== seenGeneration[slot]) {
        seenGeneration[slot] = fleet.generation[slot];
        history.clear(slot);
        toldMs[slot] = Number.NEGATIVE_INFINITY;
        imminentMs[slot] = Number.NEGATIVE_INFINITY;
        flagsOf[slot] = 0;
        if (candidateOf[slot] !== 0) closeCandidate(candidateOf[slot] - 1);
      }
      const previousMs = history.time(slot, 0);
      if (!history.push(slot, timestampMs, lat, lon, speed, headingDeg)) return;
      near.move(slot);
      if (history.count(slot) > 1) periodMs[slot] += (Math.min(5000, timestampMs - previousMs) - periodMs[slot]) * 0.2;
      look(slot, accel, flags);
    },
    noteAlert(slot, stage, otherSlot, timeMs) {
      if (stage < 3) return;
      imminentMs[slot] = timeMs;
      if (otherSlot >= 0) imminentMs[otherSlot] = timeMs;
    },
    tick(nowMs) {
      const events: CrashEvent[] = [];
      if (live === 0) return events;
      for (let place = 0; place < size; place++) {
        if (candidates.slotPlus[place] === 0) continue;
        const slot = candidates.slotPlus[place] - 1;
        const ageMs = nowMs - candidates.atMs[place];
        if (ageMs > windowMs || candidates.generation[place] !== fleet.generation[slot]) {
          closeCandidate(place);
          continue;
        }
        if (candidates.atMs[place] - toldMs[slot] < quietMs) continue;
        if (ageMs <= contactWatchMs) seekContact(place, nowMs);
        judge(place, nowMs);
        let logOdds = logOddsOf(candidates.rules[place]);
        if (logOdds < threshold && logOdds >= threshold - 1 && countFollowers(place, nowMs) >= 2) {
          candidates.rules[place] |= bit['followers-brake'];
          logOdds = logOddsOf(candidates.rules[place]);
        }
        if (logOdds >= threshold && confirmed(place)) events.push(tell(place, logOdds));
      }
      return events;
    },
    counters: () => ({ ...count }),
  };
}
