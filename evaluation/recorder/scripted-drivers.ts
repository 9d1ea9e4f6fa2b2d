import type { SumoVehicle } from '../closed-loop/sumo-traffic.ts';
import { Random } from '../random.ts';
import { angleBetween, type Body, overlapDepth } from './body.ts';
import { afterContact, type Crash, headCrash, type ScriptedState, sideCrash, wreckSeconds } from './crash-motion.ts';
import type { LaneNetwork } from './lane-network.ts';
import type { SumoRecord } from './sumo-records.ts';
import { stepsPerSecond } from './traffic.ts';
import { exitRamps, type Path, wrongWayPath } from './wrong-way-path.ts';

/** A row of a scripted vehicle; `lane` undefined: that in which SUMO had it last. */
export interface ScriptedSample extends ScriptedState {
  readonly id: string;
  readonly lane: string | undefined;
}

const wrongWayId = /^x\d+$/;

/** Wrong-way drivers are called x0, x1 … */
export function isWrongWayDriver(id: string): boolean {
  return wrongWayId.test(id);
}

const car = { length: 4.6, width: 1.8 };
/** A drift to the side: metres, and seconds it takes. */
const drift = { metres: 3.2, seconds: 4 };
/** Two cars are beside each other in neighbour lanes: lateral distance of their middles, and longitudinal offset for the next seconds, m. */
const besideFrom = 2.8;
const besideTo = 3.6;
const besideAlong = 3;
const besideSeconds = 2;
/** Both drive at least so fast, m/s, one not much faster than the other. */
const fastTraffic = 24;
const sameSpeed = 1.5;
/** Time from one planned event to the next, s, and the first ones. */
const plan = { sideFirst: 300, sideEvery: 190, wrongWayFirst: 230, wrongWayEvery: 280 };
/** A planned drift that finds no pair within this is given up, s. */
const patience = 120;

interface Wreck {
  readonly id: string;
  readonly contact: ScriptedState;
  readonly crash: Crash;
  readonly step: number;
  readonly lane: string | undefined;
}
interface Drifting {
  readonly id: string;
  readonly other: string;
  readonly from: number;
  readonly along: number;
  readonly across: number;
  readonly closing: number;
  readonly length: number;
  readonly width: number;
}
interface WrongWay {
  readonly id: string;
  readonly path: Path;
  readonly speed: number;
  readonly from: number;
}

const rad = Math.PI / 180;
function bodyOf(state: ScriptedState | SumoVehicle, length: number, width: number): Body {
  return {
    x: state.x,
    y: state.y,
    hx: Math.sin(state.headingDeg * rad),
    hy: Math.cos(state.headingDeg * rad),
    length,
    width,
  };
}
function stateOf(vehicle: SumoVehicle): ScriptedState {
  const { x, y, speed, accel, headingDeg } = vehicle;
  return { x, y, speed, accel, headingDeg };
}

/**
 * Drivers that SUMO has no model for, on fast roads: one goes down an exit ramp the wrong way and on against the traffic, one drifts into the
 * occupied neighbour lane. Their motion is exact kinematics; from the take-over on SUMO does not know them, so nobody evades.
 */
export class ScriptedDrivers {
  /** Scripted rows by step. */
  readonly samples = new Map<number, ScriptedSample[]>();
  /** Contacts of the script. */
  readonly records: SumoRecord[] = [];
  private readonly random: Random;
  private readonly ramps: readonly string[];
  private readonly network: LaneNetwork;
  private readonly end: number;
  private nextSide = plan.sideFirst;
  private nextWrongWay = plan.wrongWayFirst;
  private wrongWays = 0;
  private drifting: Drifting | undefined;
  private wrongWay: WrongWay | undefined;
  private readonly wrecks: Wreck[] = [];

  /** Nobody is scripted in the last minutes before `end`, s. */
  constructor(network: LaneNetwork, seed: number, end: number) {
    this.network = network;
    this.random = new Random(seed);
    this.ramps = exitRamps(network);
    this.end = end;
  }

  /** Looks at the traffic after a step; returns who is to be removed from SUMO. */
  observe(step: number, vehicles: ReadonlyMap<string, SumoVehicle>): readonly string[] {
    const removed: string[] = [];
    if (this.ramps.length === 0) return removed;
    this.moveWrecks(step);
    this.driveWrongWay(step, vehicles, removed);
    this.driveAside(step, vehicles, removed);
    return removed;
  }

  private put(step: number, id: string, state: ScriptedState, lane: string | undefined): void {
    const row = { id, lane, ...state };
    const there = this.samples.get(step);
    if (there === undefined) this.samples.set(step, [row]);
    else there.push(row);
  }

  private moveWrecks(step: number): void {
    for (const { id, contact, crash, step: from, lane } of this.wrecks)
      if (step - from <= wreckSeconds * stepsPerSecond)
        this.put(step, id, afterContact(contact, crash, step - from), lane);
  }

  private collide(
    step: number,
    kind: 'lane_wrong_way' | 'lane_side',
    id: string,
    state: ScriptedState,
    lane: string | undefined,
    other: SumoVehicle,
  ): void {
    const crash = kind === 'lane_side' ? sideCrash : headCrash;
    this.wrecks.push({ id, contact: state, crash, step, lane });
    this.wrecks.push({ id: other.id, contact: stateOf(other), crash, step, lane: undefined });
    this.records.push({ time: step / stepsPerSecond, type: kind, collider: id, victim: other.id });
  }

  private driveWrongWay(step: number, vehicles: ReadonlyMap<string, SumoVehicle>, removed: string[]): void {
    const time = step / stepsPerSecond;
    if (this.wrongWay === undefined) {
      if (time < this.nextWrongWay || time > this.end - 2 * patience) return;
      this.nextWrongWay += plan.wrongWayEvery;
      const ramp = this.ramps[Math.floor(this.random.uniform() * this.ramps.length)];
      const path = wrongWayPath(this.network, ramp, this.random.uniform() < 0.5 ? 0 : 1);
      this.wrongWay = { id: `x${this.wrongWays}`, path, speed: 22 + 5 * this.random.uniform(), from: step };
      this.wrongWays += 1;
    }
    const { id, path, speed, from } = this.wrongWay;
    const driven = car.length + ((step - from) / stepsPerSecond) * speed;
    if (driven >= path.length) {
      this.wrongWay = undefined;
      return;
    }
    const { lane, ...place } = path.at(driven);
    const state = { ...place, speed, accel: 0 };
    this.put(step, id, state, lane);
    const body = bodyOf(state, car.length, car.width);
    for (const other of vehicles.values()) {
      if (Math.hypot(other.x - state.x, other.y - state.y) > 20) continue;
      if (angleBetween(other.headingDeg, state.headingDeg) < 135 || removed.includes(other.id)) continue;
      if (overlapDepth(body, bodyOf(other, other.length, other.width)) <= 0) continue;
      this.collide(step, 'lane_wrong_way', id, state, lane, other);
      removed.push(other.id);
      this.wrongWay = undefined;
      return;
    }
  }

  private driveAside(step: number, vehicles: ReadonlyMap<string, SumoVehicle>, removed: string[]): void {
    const time = step / stepsPerSecond;
    if (this.drifting === undefined) {
      if (time < this.nextSide || time > this.end - patience) return;
      if (time > this.nextSide + patience) this.nextSide += plan.sideEvery;
      // A pair is looked for once a second.
      if (step % stepsPerSecond === 0) this.drifting = this.pairBeside(step, vehicles);
      if (this.drifting === undefined) return;
      this.nextSide += plan.sideEvery;
      removed.push(this.drifting.id);
      return;
    }
    const { id, other: otherId, from, along, across, closing, length, width } = this.drifting;
    const other = vehicles.get(otherId);
    const t = (step - from) / stepsPerSecond;
    if (other === undefined || t > drift.seconds) {
      this.drifting = undefined;
      return;
    }
    const share = (1 - Math.cos((Math.PI * t) / drift.seconds)) / 2;
    const [ahead, aside] = [along + closing * t, across - Math.sign(across) * drift.metres * share];
    const heading = other.headingDeg * rad;
    const state: ScriptedState = {
      x: other.x + Math.sin(heading) * ahead + Math.cos(heading) * aside,
      y: other.y + Math.cos(heading) * ahead - Math.sin(heading) * aside,
      speed: other.speed + closing,
      accel: other.accel,
      headingDeg: (other.headingDeg - Math.sign(across) * driftAngle(t, other.speed) + 360) % 360,
    };
    this.put(step, id, state, undefined);
    if (overlapDepth(bodyOf(state, length, width), bodyOf(other, other.length, other.width)) <= 0) return;
    this.collide(step, 'lane_side', id, state, undefined, other);
    removed.push(other.id);
    this.drifting = undefined;
  }

  /** Two cars that will be beside each other for the next seconds; the first found from a random one on. */
  private pairBeside(step: number, vehicles: ReadonlyMap<string, SumoVehicle>): Drifting | undefined {
    const fast = [...vehicles.values()].filter((v) => v.speed > fastTraffic && v.length < 7 && /^\d+$/.test(v.id));
    const start = Math.floor(this.random.uniform() * fast.length);
    for (let i = 0; i < fast.length; i += 1) {
      const v = fast[(start + i) % fast.length];
      for (const other of fast) {
        const closing = v.speed - other.speed;
        if (v === other || Math.abs(closing) > sameSpeed || angleBetween(v.headingDeg, other.headingDeg) > 2) continue;
        const [dx, dy, heading] = [v.x - other.x, v.y - other.y, other.headingDeg * rad];
        const along = dx * Math.sin(heading) + dy * Math.cos(heading);
        const across = dx * Math.cos(heading) - dy * Math.sin(heading);
        const offset = Math.max(Math.abs(along), Math.abs(along + closing * besideSeconds));
        if (offset > besideAlong || Math.abs(across) < besideFrom || Math.abs(across) > besideTo) continue;
        return { id: v.id, other: other.id, from: step, along, across, closing, length: v.length, width: v.width };
      }
    }
    return undefined;
  }
}

/** Angle of the drift to the road t s after its begin, degrees. */
function driftAngle(t: number, speed: number): number {
  const lateral = ((drift.metres * Math.PI) / (2 * drift.seconds)) * Math.sin((Math.PI * t) / drift.seconds);
  return Math.atan2(lateral, speed) / rad;
}
