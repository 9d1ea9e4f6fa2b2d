import { EdgeFlag, type RoadGraph, TurnControl } from '../../roads/graph/index.ts';
import { standingGap } from './car-following.ts';
import type { MovementConflicts } from './conflicts.ts';
import type { Body, Occupancy } from './occupancy.ts';
import type { Signals } from './signals.ts';
import type { Vehicle } from './vehicle.ts';

/** How early a driver asks for the right of way: seconds at present speed plus metres. */
const asking: Readonly<Record<number, readonly [seconds: number, metres: number]>> = {
  [TurnControl.none]: [6, 15],
  [TurnControl.priority]: [6, 15],
  [TurnControl.signal]: [4.5, 10],
  [TurnControl.equal]: [2.6, 8],
  [TurnControl.roundaboutEntry]: [2.2, 6],
  [TurnControl.yield]: [2.2, 6],
  [TurnControl.stop]: [1, 3],
};
const rank: Readonly<Record<number, number>> = {
  [TurnControl.equal]: 1,
  [TurnControl.roundaboutEntry]: 2,
  [TurnControl.yield]: 2,
  [TurnControl.stop]: 3,
};
/** Junctions so near to each other that no vehicle fits between are taken together; at most so many. */
const mostTogether = 8;
/** Room that counts as free behind a vehicle that drives on, m. */
const onward = 8;
/** At a stop sign a vehicle has stopped when slower than this, m/s. */
const stopped = 0.8;

interface Request {
  readonly vehicle: Vehicle;
  readonly leg: number;
  readonly distance: number;
  readonly rank: number;
}

/** Others that do not yield: whether a movement will be driven by one of them within the given seconds. */
export type Intruder = (movement: number, withinSeconds: number) => boolean;

/**
 * Who may drive through a junction. A movement is taken by a vehicle before it comes to it and given back when its rear has left;
 * while it is taken no conflicting movement is. Those with priority ask early, those who must give way late, and nobody takes a
 * movement without room behind it, so a vehicle never waits in a junction.
 */
export class RightOfWay {
  readonly #graph: RoadGraph;
  readonly #conflicts: MovementConflicts;
  readonly #signals: Signals;
  readonly #occupancy: Occupancy;
  readonly #holders = new Map<number, (Vehicle | Body)[]>();
  readonly #intruder: Intruder;

  constructor(
    graph: RoadGraph,
    conflicts: MovementConflicts,
    signals: Signals,
    occupancy: Occupancy,
    intruder: Intruder,
  ) {
    this.#graph = graph;
    this.#conflicts = conflicts;
    this.#signals = signals;
    this.#occupancy = occupancy;
    this.#intruder = intruder;
  }

  /** One step: answers the requests of all vehicles, those with priority first, then the nearest. */
  step(vehicles: readonly Vehicle[], time: number): void {
    const requests: Request[] = [];
    for (const vehicle of vehicles) {
      const request = this.#requestOf(vehicle);
      if (request !== undefined) requests.push(request);
    }
    requests.sort((a, b) => a.rank - b.rank || a.distance - b.distance);
    for (const request of requests) this.#answer(request, time);
  }

  /** Takes a movement without asking, e.g. for a wreck that lies in it. */
  take(movement: number, vehicle: Body): void {
    const holders = this.#holders.get(movement);
    if (holders === undefined) this.#holders.set(movement, [vehicle]);
    else holders.push(vehicle);
  }

  release(movement: number, vehicle: Body): void {
    const holders = this.#holders.get(movement);
    if (holders === undefined) return;
    const at = holders.indexOf(vehicle);
    if (at >= 0) holders.splice(at, 1);
    if (holders.length === 0) this.#holders.delete(movement);
  }

  /** Gives back everything taken beyond the present leg (the vehicle takes another way, or is removed). */
  releaseAhead(vehicle: Vehicle): void {
    for (let i = vehicle.leg + 1; i <= vehicle.freeLeg && i < vehicle.route.length; i++)
      this.release(vehicle.route[i], vehicle);
    vehicle.freeLeg = vehicle.leg;
  }

  /** The vehicle's next movement that is not free yet, if it is time to ask; movements without conflicts become free at once. */
  #requestOf(vehicle: Vehicle): Request | undefined {
    const { edgeLength, edgeControl } = this.#graph;
    const { route } = vehicle;
    let distance = edgeLength[route[vehicle.leg]] - vehicle.s;
    for (let leg = vehicle.leg + 1; leg < route.length; leg++) {
      const edge = route[leg];
      if (leg > vehicle.freeLeg) {
        if (this.#conflicts.foes[edge].length > 0) {
          const control = edgeControl[edge];
          const [seconds, metres] = asking[control] ?? [3, 8];
          const setback = this.#conflicts.setback[route[leg - 1]];
          const toLine = distance - (setback === Infinity ? 0 : setback);
          if (toLine > metres + seconds * vehicle.speed || this.#isHeldUp(vehicle, leg)) return undefined;
          return { vehicle, leg, distance, rank: rank[control] ?? 0 };
        }
        vehicle.freeLeg = leg;
      }
      distance += edgeLength[edge];
      if (distance > 120) return undefined;
    }
    return undefined;
  }

  /** Whether something stands between the vehicle and the movement: a stop of its own, or one ahead that has no way on itself. */
  #isHeldUp(vehicle: Vehicle, leg: number): boolean {
    const stop = vehicle.stops[0];
    if (stop !== undefined && stop.leg < leg) return true;
    for (const { body, entry, vehicle: other } of this.#occupancy.on(vehicle.route[vehicle.leg])) {
      if (body === vehicle) break;
      const past = body.odometer - entry > this.#graph.edgeLength[vehicle.route[vehicle.leg]];
      if (!past && (other === undefined || !hasWayOn(other, vehicle.route[vehicle.leg]))) return true;
    }
    for (let i = vehicle.leg + 1; i < leg; i++) if (this.#isWaitedOn(vehicle.route[i], vehicle)) return true;
    return false;
  }

  #answer({ vehicle, leg, distance }: Request, time: number): void {
    const { edgeLength, edgeControl } = this.#graph;
    const { route } = vehicle;
    if (edgeControl[route[leg]] === TurnControl.stop && vehicle.speed > stopped && !(vehicle.standsSince < time))
      return;
    let to = leg;
    let away = distance;
    for (let together = 0; ; together++) {
      const movement = route[to];
      if (together >= mostTogether || !this.#isOpen(vehicle, movement, away, time)) return;
      const exit = route[to + 1];
      if (exit === undefined) break;
      const next = route[to + 2];
      const room = this.#roomOn(exit, vehicle);
      const needed = vehicle.length + standingGap;
      if (room < Math.min(needed, edgeLength[exit])) return;
      const waiting = edgeLength[exit] - this.#conflicts.setback[exit];
      if (waiting >= needed || next === undefined) break;
      if (this.#conflicts.foes[next].length === 0 && edgeLength[exit] + edgeLength[next] > needed) break;
      if (this.#isWaitedOn(exit, vehicle)) return;
      away += edgeLength[movement] + edgeLength[exit];
      to += 2;
    }
    for (let i = leg; i <= to; i++)
      if ((this.#graph.edgeFlags[route[i]] & EdgeFlag.internal) !== 0) this.take(route[i], vehicle);
    vehicle.freeLeg = Math.max(vehicle.freeLeg, Math.min(route.length - 1, to + 1));
  }

  /** Somebody on the edge, or with the way into it, has no way on yet: nobody may take what comes after it first. */
  #isWaitedOn(edge: number, asking: Vehicle): boolean {
    const { comeStart, comeFrom, edgeLength } = this.#graph;
    for (const { body, entry, vehicle } of this.#occupancy.on(edge)) {
      if (body === asking || body.odometer - entry > edgeLength[edge]) continue;
      if (vehicle === undefined || !hasWayOn(vehicle, edge)) return true;
    }
    for (let k = comeStart[edge]; k < comeStart[edge + 1]; k++)
      for (const holder of this.#holders.get(comeFrom[k]) ?? [])
        if (holder !== asking && 'route' in holder && holder.route.indexOf(edge, holder.leg) >= 0)
          if (!hasWayOn(holder, edge) && !this.#isBehind(holder, asking)) return true;
    return false;
  }

  /** Whether `other` drives on the same edge as `vehicle` and ahead of it. */
  #isBehind(vehicle: Vehicle, other: Vehicle): boolean {
    for (const { body } of this.#occupancy.on(vehicle.route[vehicle.leg])) {
      if (body === vehicle) return false;
      if (body === other) return true;
    }
    return false;
  }

  #isOpen(vehicle: Vehicle, movement: number, distance: number, time: number): boolean {
    if (!this.#signals.isGreen(movement, time)) return false;
    const foes = this.#conflicts.foes[movement];
    const yields = this.#conflicts.yields[movement];
    const clear = distance / Math.max(vehicle.speed, 3) + 6;
    for (let i = 0; i < foes.length; i++) {
      const holders = this.#holders.get(foes[i]);
      if (holders?.some((holder) => holder !== vehicle) === true) return false;
      if (this.#intruder(foes[i], clear)) return false;
      if (yields[i] === 1 && vehicle.standsSince > time - 3 && this.#someoneComes(foes[i])) return false;
    }
    return true;
  }

  /** Someone rolls towards a movement with priority and is nearly there. */
  #someoneComes(movement: number): boolean {
    const { comeStart, comeFrom, edgeLength, edgeControl } = this.#graph;
    if (edgeControl[movement] === TurnControl.signal) return false;
    for (let k = comeStart[movement]; k < comeStart[movement + 1]; k++) {
      const approach = comeFrom[k];
      for (const { body, entry, vehicle } of this.#occupancy.on(approach)) {
        const left = edgeLength[approach] - (body.odometer - entry);
        if (vehicle === undefined || left < 0 || left > 25 || body.speed < 1) continue;
        if (vehicle.route[vehicle.leg + 1] === movement) return true;
      }
    }
    return false;
  }

  /**
   * Metres free at the beginning of an edge behind whoever will stay on it: bodies without a way on, and vehicles that already
   * have the way into it but not beyond. Those who drive on leave as much room as they make in a second.
   */
  #roomOn(edge: number, asking: Vehicle): number {
    const { comeStart, comeFrom, edgeLength } = this.#graph;
    const there = this.#occupancy.on(edge);
    let room = edgeLength[edge] + onward;
    for (const { body, entry, vehicle } of there) {
      if (body === asking) continue;
      const leaves = vehicle !== undefined && hasWayOn(vehicle, edge);
      room = Math.min(room, body.odometer - entry - body.length + (leaves ? Math.max(onward, body.speed) : 0));
    }
    for (let k = comeStart[edge]; k < comeStart[edge + 1]; k++)
      for (const holder of this.#holders.get(comeFrom[k]) ?? []) {
        if (holder === asking || there.some(({ body }) => body === holder)) continue;
        if (!('route' in holder) || !hasWayOn(holder, edge)) room -= holder.length + standingGap;
      }
    return room;
  }
}

function hasWayOn(leader: Vehicle, edge: number): boolean {
  const at = leader.route.indexOf(edge, leader.leg);
  return at >= 0 && leader.freeLeg > at;
}
