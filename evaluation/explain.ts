import {
  type AlertEvent,
  boxContactTime,
  type CollisionEngine,
  createEngine,
  type FleetView,
  requiredBehindLeader,
} from '../collision/index.ts';
import { planeOf, type RoadGraph } from '../roads/graph/index.ts';
import { type DecisionNote, DecisionNotes } from './decision-notes.ts';
import { type InputLogHeader, replayInputs } from './input-log.ts';

/** One transition of an alert to the vehicle, seconds of the recording (UTC seconds for live traffic). */
export interface ToldThen {
  readonly time: number;
  readonly alertId: number;
  readonly stage: number;
  readonly prevStage: number;
  readonly class: string;
  readonly other: string;
  readonly distance: number;
  readonly requiredDeceleration: number;
  readonly probability: number;
  readonly why: string;
}

/** Another vehicle near, as the two were at that moment. */
export interface Neighbour {
  readonly vehicle: string;
  /** Metres along and left of the asked vehicle's heading, front to front. */
  readonly ahead: number;
  readonly left: number;
  readonly speed: number;
  /** Seconds to contact of the bodies moving straight on; null = none. */
  readonly contact: number | null;
  /** m/s² after 1.5 s to stay behind it; only for one ahead in the same direction and lane, null otherwise. */
  readonly requiredDeceleration: number | null;
  /** On the same edge of the map, or -1 unknown. */
  readonly sameEdge: boolean;
}

export interface Explanation {
  readonly vehicle: string;
  readonly at: number;
  /** One sentence. */
  readonly verdict: string;
  readonly state: {
    /** Age of the newest accepted report, s. */
    readonly age: number;
    readonly lat: number;
    readonly lon: number;
    readonly speed: number;
    readonly headingDeg: number;
    /** Source name of the matched road, '' off the map. */
    readonly road: string;
    readonly roadName: string;
    readonly matchConfidence: number;
    readonly stage: number;
  } | null;
  readonly told: readonly ToldThen[];
  readonly neighbours: readonly Neighbour[];
  /** What the core looked at for the vehicle at its last look, in its own words; empty where it saw nothing to judge. */
  readonly decisions: readonly DecisionNote[];
  /** When that look was, seconds of the recording; null when there was none in the last seconds. */
  readonly lookedAt: number | null;
}

/** The core is listened to for this long before the moment, s: every vehicle is looked at within it. */
const listening = 3;
/** Transitions this long before the moment are told, s. */
const history = 120;
const reach = 300;
/** Bounds of the stages (SPEC: S2, S3) and the horizon of a contact worth naming, s. */
const warnAt = 3.4;
const contactHorizon = 8;
const reaction = 1.5;

/** Replays an input log to second `at` of the recording and says what was known and told then. @throws Error when the log never names the vehicle. */
export async function explain(file: string, graph: RoadGraph, vehicle: string, at: number): Promise<Explanation> {
  const names = new Map<number, string>();
  const told: ToldThen[] = [];
  let epochMs = 0;
  let slot = -1;
  let fleet: FleetView | undefined;
  let nowMs = 0;
  let core: CollisionEngine | undefined;
  let listened = -1;
  const named = (which: number): string => (which < 0 ? '' : (names.get(which) ?? String(which)));
  const notes = new DecisionNotes(named);
  const note = (event: AlertEvent): void => {
    const time = (event.issuedMs - epochMs) / 1000;
    if (event.slot !== slot || time < at - history) return;
    told.push({
      time,
      alertId: event.alertId,
      stage: event.stage,
      prevStage: event.prevStage,
      class: event.class,
      other: named(event.otherSlot),
      distance: event.distance,
      requiredDeceleration: event.requiredDeceleration,
      probability: event.probability,
      why: event.why,
    });
  };
  await replayInputs(file, {
    header(header: InputLogHeader) {
      if (header.mapHash !== graph.mapHash)
        throw new Error(
          `${file} was recorded on another map (hash ${header.mapHash.slice(0, 12)}, this one ${graph.mapHash.slice(0, 12)})`,
        );
      epochMs = header.epochMs;
      const engine = createEngine(graph, { capacity: header.capacity, friction: header.friction });
      fleet = engine.fleet;
      core = engine;
      return engine;
    },
    named(which, _generation, name) {
      names.set(which, name);
      if (name === vehicle) slot = which;
      else if (which === slot) slot = -1;
    },
    tick(tickMs, events) {
      nowMs = tickMs;
      for (const event of events) note(event);
      if (slot !== listened && tickMs >= epochMs + (at - listening) * 1000) {
        core?.trace(slot, slot < 0 ? null : notes);
        listened = slot;
      }
      return tickMs >= epochMs + at * 1000;
    },
  });
  if (![...names.values()].includes(vehicle))
    throw new Error(`${file} names no vehicle ${JSON.stringify(vehicle)} up to ${at} s`);
  if (fleet === undefined || slot < 0 || fleet.timestampMs[slot] === 0)
    return {
      vehicle,
      at,
      verdict: 'Not heard at that moment: no report of it was accepted, or it had left.',
      state: null,
      told,
      neighbours: [],
      decisions: [],
      lookedAt: null,
    };
  const neighbours = neighboursOf(fleet, graph, slot, named);
  const edge = fleet.edge[slot];
  const state = {
    age: (nowMs - fleet.timestampMs[slot]) / 1000,
    lat: fleet.lat[slot],
    lon: fleet.lon[slot],
    speed: fleet.speed[slot],
    headingDeg: fleet.headingDeg[slot],
    road: edge < 0 ? '' : graph.strings[graph.edgeSource[edge]],
    roadName: edge < 0 ? '' : graph.strings[graph.edgeName[edge]],
    matchConfidence: fleet.matchConfidence[slot],
    stage: fleet.stage[slot],
  };
  const lookedAt = Number.isNaN(notes.lookedMs) ? null : (notes.lookedMs - epochMs) / 1000;
  const verdict = verdictOf(state, told, neighbours);
  return { vehicle, at, verdict, state, told, neighbours, decisions: notes.notes, lookedAt };
}

function neighboursOf(fleet: FleetView, graph: RoadGraph, slot: number, named: (slot: number) => string): Neighbour[] {
  const plane = planeOf(graph);
  const rad = Math.PI / 180;
  const hx = Math.sin(fleet.headingDeg[slot] * rad);
  const hy = Math.cos(fleet.headingDeg[slot] * rad);
  const x0 = plane.x(fleet.lon[slot]);
  const y0 = plane.y(fleet.lat[slot]);
  const v = fleet.speed[slot];
  const found: Neighbour[] = [];
  for (let other = 0; other < fleet.capacity; other += 1) {
    if (other === slot || fleet.timestampMs[other] === 0 || fleet.timestampMs[slot] - fleet.timestampMs[other] > 5000)
      continue;
    const dx = plane.x(fleet.lon[other]) - x0;
    const dy = plane.y(fleet.lat[other]) - y0;
    if (dx * dx + dy * dy > reach * reach) continue;
    const ox = Math.sin(fleet.headingDeg[other] * rad);
    const oy = Math.cos(fleet.headingDeg[other] * rad);
    const u = fleet.speed[other];
    const ahead = dx * hx + dy * hy;
    const left = dy * hx - dx * hy;
    const along = hx * ox + hy * oy;
    const gap = ahead - fleet.length[other];
    const inWay = along > 0.7 && gap > 0 && Math.abs(left) < (fleet.width[slot] + fleet.width[other]) / 2 + 0.3;
    const contact = boxContactTime(
      -(hx * fleet.length[slot]) / 2,
      -(hy * fleet.length[slot]) / 2,
      hx,
      hy,
      fleet.length[slot],
      fleet.width[slot],
      v * hx,
      v * hy,
      dx - (ox * fleet.length[other]) / 2,
      dy - (oy * fleet.length[other]) / 2,
      ox,
      oy,
      fleet.length[other],
      fleet.width[other],
      u * ox,
      u * oy,
    );
    found.push({
      vehicle: named(other),
      ahead,
      left,
      speed: u,
      contact: Number.isFinite(contact) ? contact : null,
      requiredDeceleration: inWay
        ? requiredBehindLeader(gap, v, u * along, Math.max(0, -fleet.accel[other]), reaction)
        : null,
      sameEdge: fleet.edge[slot] >= 0 && fleet.edge[slot] === fleet.edge[other],
    });
  }
  const pressure = (n: Neighbour): number =>
    (n.requiredDeceleration ?? 0) + (n.contact === null ? 0 : contactHorizon / (n.contact + 0.1));
  return found
    .sort((a, b) => pressure(b) - pressure(a) || Math.hypot(a.ahead, a.left) - Math.hypot(b.ahead, b.left))
    .slice(0, 5);
}

function verdictOf(
  state: NonNullable<Explanation['state']>,
  told: readonly ToldThen[],
  neighbours: readonly Neighbour[],
): string {
  const last = [...told].reverse();
  const open = last.find(
    (event, i) => event.stage > 0 && !last.slice(0, i).some((later) => later.alertId === event.alertId),
  );
  if (open !== undefined)
    return `Warned: stage ${open.stage} (${open.class}) since ${open.time} s, ${open.distance.toFixed(0)} m ahead. Rule and figures: ${open.why}`;
  const ended = last.find((event) => event.stage === 0);
  const before =
    ended === undefined ? '' : ` An earlier one (${ended.class}) was taken back at ${ended.time} s: ${ended.why}.`;
  const worst = neighbours[0];
  const road = state.road === '' ? ' It was matched to no road, so only the free space around it is watched.' : '';
  if (worst === undefined) return `Not warned: nobody else was heard within ${reach} m.${road}${before}`;
  const need = worst.requiredDeceleration;
  if (need !== null && need > 0)
    return (
      `Not warned: the most pressing is ${worst.vehicle}, ${worst.ahead.toFixed(0)} m ahead at ${worst.speed.toFixed(1)} m/s; after ${reaction} s ` +
      `${need.toFixed(2)} m/s² are needed, a warning comes near ${warnAt} m/s².${road}${before}`
    );
  if (worst.contact !== null && worst.contact < contactHorizon)
    return (
      `Not warned: straight on, ${worst.vehicle} would be met in ${worst.contact.toFixed(1)} s, but the roads they are on do not lead them together, ` +
      `or one of them can still yield.${road}${before}`
    );
  return `Not warned: none of the ${neighbours.length} nearest is on a course to meet it within ${contactHorizon} s.${road}${before}`;
}
