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
  readonly #holders = new Map<number, Body[]>();
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
          if (distance > metres + seconds * vehicle.speed || this.#isHeldUp(vehicle, leg)) return undefined;
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
    for (let i = vehicle.leg; i < leg; i++) {
      const edge = vehicle.route[i];
      const place = this.#occupancy.ahead(edge, vehicle);
      if (place === undefined) continue;
      const past = place.body.odometer - place.entry > this.#graph.edgeLength[edge];
      if (past) continue;
      return place.vehicle === undefined || !hasWayOn(place.vehicle, edge);
    }
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
      if (edgeLength[exit] >= needed + 1 || next === undefined) break;
      if (this.#conflicts.foes[next].length === 0 && edgeLength[exit] + edgeLength[next] > needed) break;
      away += edgeLength[movement] + edgeLength[exit];
      to += 2;
    }
    for (let i = leg; i <= to; i++)
      if ((this.#graph.edgeFlags[route[i]] & EdgeFlag.internal) !== 0) this.take(route[i], vehicle);
    vehicle.freeLeg = Math.max(vehicle.freeLeg, Math.min(route.length - 1, to + 1));
  }

  #isOpen(vehicle: Vehicle, movement: number, distance: number, time: number): boolean {
    if (!this.#signals.isGreen(movement, time)) return false;
    const foes = this.#conflicts.foes[movement];
    const yields = this.#conflicts.yields[movement];
    const clear = distance / Math.max(vehicle.speed, 3) + 6;
    for (let i = 0; i < foes.length; i++) {
      const holders = this.#holders.get(foes[i]);
      if (holders !== undefined && holders.some((holder) => holder !== vehicle)) return false;
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

  /** Metres free at the beginning of an edge behind the last body on it and those that already have the way into it. */
  #roomOn(edge: number, asking: Vehicle): number {
    const { comeStart, comeFrom, edgeLength } = this.#graph;
    let room = Infinity;
    for (const { body, entry } of this.#occupancy.on(edge)) {
      if (body === asking) continue;
      room = Math.min(room, body.odometer - entry - body.length + body.speed);
    }
    if (room === Infinity) room = edgeLength[edge] + 8;
    for (let k = comeStart[edge]; k < comeStart[edge + 1]; k++)
      for (const holder of this.#holders.get(comeFrom[k]) ?? [])
        if (holder !== asking && !this.#occupancy.on(edge).some(({ body }) => body === holder))
          room -= holder.length + standingGap;
    return room;
  }
}

function hasWayOn(leader: Vehicle, edge: number): boolean {
  const at = leader.route.indexOf(edge, leader.leg);
  return at >= 0 && leader.freeLeg > at;
}
