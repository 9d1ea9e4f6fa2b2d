import { EdgeFlag, type RoadGraph } from '../../roads/graph/index.ts';
import type { Random } from '../random.ts';
import { followingAcceleration, freeAcceleration, standingGap } from './car-following.ts';
import { findConflicts, type MovementConflicts } from './conflicts.ts';
import { cityCore } from './drivable.ts';
import { laneOffsets, offsetAt } from './lanes.ts';
import { Occupancy } from './occupancy.ts';
import { type Intruder, RightOfWay } from './right-of-way.ts';
import { RouteChoice } from './route-choice.ts';
import { Signals } from './signals.ts';
import { bendBraking, SpeedProfiles } from './speed-profile.ts';
import type { Vehicle } from './vehicle.ts';
import { privateMix, type VehicleKind, vehicleKinds } from './vehicle-kinds.ts';

/** Simulated seconds of one step. */
export const stepSeconds = 0.1;
/** Carriageway of the city's core for one vehicle, m. */
const metresPerVehicle = 300;
/** How far ahead drivers look, m. */
const sight = 110;
/** A stopped bus stands this near before its stop, m. */
const stopReach = 1.5;
/** Longest standing, s. */
const patience = 240;
/** Share of the trips after which a vehicle retires. */
const retiring = 0.35;
/** Legs kept behind a vehicle: a long one may cover many short edges. */
const legsBehind = 12;

export interface TrafficOptions {
  readonly graph: RoadGraph;
  readonly random: Random;
  /** Vehicles kept on the road. */
  readonly vehicles: number;
  /** Ids are this and a number that is never used again. */
  readonly idPrefix: string;
}

/**
 * Ordinary traffic of a city: drivers who keep their distance, their lane, the limits and the right of way. Deterministic: the
 * same graph, options and seed give the same traffic. Vehicles that reached the end of their trip begin another, or retire and a
 * new one appears elsewhere.
 */
export class CityTraffic {
  readonly vehicles: Vehicle[] = [];
  readonly occupancy: Occupancy;
  readonly routes: RouteChoice;
  readonly profiles: SpeedProfiles;
  /** Times a vehicle came into a junction without the right of way: it could not stop any more. */
  linesOverrun = 0;
  /** Vehicles taken off the road because they stood for minutes: what keeps a jam from lasting for ever. */
  gaveUp = 0;
  /** Simulated seconds since the beginning. */
  time = 0;
  /** Set by those who drive without regard for others. */
  intruder: Intruder = () => false;
  readonly #graph: RoadGraph;
  readonly #random: Random;
  readonly #options: TrafficOptions;
  readonly rightOfWay: RightOfWay;
  readonly #conflicts: MovementConflicts;
  readonly #loops = new Map<Vehicle, readonly number[]>();
  #numbered = 0;

  constructor(options: TrafficOptions) {
    const { graph, random, vehicles } = options;
    if (!(Number.isInteger(vehicles) && vehicles >= 0 && vehicles <= 20_000))
      throw new RangeError(`vehicles ${vehicles}: expected an integer in [0, 20000]`);
    this.#graph = graph;
    this.#random = random;
    this.#options = options;
    this.#conflicts = findConflicts(graph);
    this.occupancy = new Occupancy(graph, this.#conflicts.clearance);
    this.profiles = new SpeedProfiles(graph);
    const core = cityCore(graph, Math.max(8000, vehicles * metresPerVehicle));
    this.routes = new RouteChoice(graph, core, random.fork(), this.#conflicts.setback);
    this.rightOfWay = new RightOfWay(graph, this.#conflicts, new Signals(graph), this.occupancy, (m, s) =>
      this.intruder(m, s),
    );
    const buses = Math.round(vehicles * 0.06);
    const emergency = Math.round(vehicles * 0.03);
    for (let i = 0; i < vehicles * 4 && this.vehicles.length < vehicles; i++) {
      const n = this.vehicles.length;
      const kind =
        n < buses
          ? vehicleKinds.bus
          : n < buses + emergency
            ? n % 2 === 0
              ? vehicleKinds.ambulance
              : vehicleKinds.police
            : this.#privateKind();
      this.#spawn(kind);
    }
  }

  /** Advances by `stepSeconds`. */
  step(): void {
    this.time += stepSeconds;
    this.rightOfWay.step(this.vehicles, this.time);
    for (const vehicle of this.vehicles) vehicle.acceleration = this.#accelerationOf(vehicle);
    for (const vehicle of this.vehicles) this.#move(vehicle);
    const ended = this.vehicles.filter((vehicle) => this.#isAtEnd(vehicle));
    for (const vehicle of ended) this.#goOn(vehicle);
    for (const vehicle of this.vehicles.filter(({ standsSince }) => this.time - standsSince > patience)) {
      this.gaveUp++;
      this.remove(vehicle);
    }
    if (this.vehicles.length < this.#options.vehicles) this.#spawn(this.#privateKind());
  }

  /** Sends everybody whose way leads over avoided edges another way, where there is one. */
  replanAround(): void {
    for (const vehicle of this.vehicles) {
      const ahead = vehicle.route.slice(vehicle.freeLeg + 1);
      if (this.#loops.has(vehicle) || !ahead.some((edge) => this.routes.isAvoided(edge))) continue;
      const fixed = this.#lastFixedLeg(vehicle);
      const way = this.routes.tripFrom(vehicle.route[fixed]);
      if (way !== undefined) this.#replan(vehicle, fixed, way);
    }
  }

  /** Takes those off the road who are on edges kept free. */
  clearAvoided(): void {
    for (const vehicle of this.vehicles.filter(({ route, leg }) => this.routes.isAvoided(route[leg])))
      this.remove(vehicle);
  }

  /** Takes a vehicle off the road. */
  remove(vehicle: Vehicle): void {
    this.rightOfWay.releaseAhead(vehicle);
    for (const { edge } of vehicle.covers) {
      this.occupancy.leave(edge, vehicle);
      this.rightOfWay.release(edge, vehicle);
    }
    this.#loops.delete(vehicle);
    this.vehicles.splice(this.vehicles.indexOf(vehicle), 1);
  }

  #privateKind(): VehicleKind {
    let at = this.#random.next();
    for (const [kind, share] of privateMix) {
      at -= share;
      if (at < 0) return kind;
    }
    return vehicleKinds.car;
  }

  /** Puts a vehicle on a free place of a random street, at rest or slowly rolling; nothing happens when the place is taken. */
  #spawn(kind: VehicleKind): void {
    const loop = kind.name === 'bus' ? this.routes.busLoop() : undefined;
    const start = loop?.route[0] ?? this.routes.ends[this.#random.below(this.routes.ends.length)];
    const length = this.#graph.edgeLength[start];
    const s = kind.length + 1 + this.#random.next() * Math.max(0, length - kind.length - 12);
    if (this.routes.isAvoided(start) || s > length - 8) return;
    for (const { body, entry } of this.occupancy.on(start)) {
      const front = body.odometer - entry;
      if (front - body.length < s + 12 && front > s - kind.length - 40) return;
    }
    const route = loop?.route ?? this.routes.tripFrom(start);
    if (route === undefined) return;
    const vehicle: Vehicle = {
      id: `${this.#options.idPrefix}${kind.name}-${++this.#numbered}`,
      kind,
      length: kind.length,
      pace: this.#random.between(kind.pace[0], kind.pace[1]),
      route,
      leg: 0,
      s,
      odometer: s,
      speed: 0,
      acceleration: 0,
      offsets: laneOffsets(this.#graph, route),
      freeLeg: 0,
      covers: [{ edge: start, entry: 0 }],
      stops: [...(loop?.stops ?? [])].filter((stop) => stop.leg > 0),
      stoppedUntil: 0,
      standsSince: Infinity,
      siren: kind.name === 'ambulance' && this.#random.next() < 0.5,
    };
    if (loop !== undefined) this.#loops.set(vehicle, loop.route);
    this.vehicles.push(vehicle);
    this.occupancy.insert(start, vehicle, 0, vehicle);
  }

  #accelerationOf(vehicle: Vehicle): number {
    if (this.time < vehicle.stoppedUntil) return -2;
    const { edgeLength, edgeLimit } = this.#graph;
    const { route, speed, pace, kind } = vehicle;
    const { acceleration } = kind;
    let wanted = Math.min(edgeLimit[route[vehicle.leg]] * pace, this.profiles.speedAt(route[vehicle.leg], vehicle.s));
    let following = acceleration;
    let distance = -vehicle.s;
    for (let leg = vehicle.leg; leg < route.length && distance < sight; leg++) {
      const edge = route[leg];
      if (leg > vehicle.freeLeg) {
        // As if something stood a standing gap beyond the place to wait at.
        const setback = this.#conflicts.setback[route[leg - 1]];
        const toLine = Math.max(1, distance + standingGap - (setback === Infinity ? 2.5 : setback));
        following = Math.min(following, followingAcceleration(toLine, speed, 0, acceleration));
        break;
      }
      if (leg > vehicle.leg) {
        const entry = Math.min(edgeLimit[edge] * pace, this.profiles.speedAt(edge, 0));
        wanted = Math.min(wanted, Math.sqrt(entry * entry + 2 * bendBraking * Math.max(0, distance)));
      }
      const place = this.occupancy.ahead(edge, vehicle);
      if (place !== undefined) {
        const gap = distance + (place.body.odometer - place.entry) - place.body.length;
        following = Math.min(following, followingAcceleration(gap, speed, place.body.speed, acceleration));
      }
      distance += edgeLength[edge];
    }
    const stop = vehicle.stops[0];
    if (stop !== undefined) {
      const toStop = this.#distanceTo(vehicle, stop.leg, stop.s);
      if (toStop < stopReach && speed < 0.5) this.#serve(vehicle);
      else if (toStop < sight)
        following = Math.min(following, followingAcceleration(Math.max(0.2, toStop) + 1, speed, 0, acceleration));
    }
    return Math.min(following, freeAcceleration(speed, wanted, acceleration));
  }

  #serve(vehicle: Vehicle): void {
    const stop = vehicle.stops.shift();
    if (stop !== undefined) vehicle.stoppedUntil = this.time + stop.seconds;
  }

  #distanceTo(vehicle: Vehicle, leg: number, s: number): number {
    if (leg < vehicle.leg) return -1;
    let distance = s - vehicle.s;
    for (let i = vehicle.leg; i < leg && distance < sight; i++) distance += this.#graph.edgeLength[vehicle.route[i]];
    return distance;
  }

  #move(vehicle: Vehicle): void {
    const before = vehicle.speed;
    const speed = Math.max(0, before + vehicle.acceleration * stepSeconds);
    const way = ((before + speed) / 2) * stepSeconds;
    vehicle.acceleration = (speed - before) / stepSeconds;
    vehicle.speed = speed < 0.02 && vehicle.acceleration < 0.05 ? 0 : speed;
    vehicle.s += way;
    vehicle.odometer += way;
    if (vehicle.speed > 0.3) vehicle.standsSince = Infinity;
    else vehicle.standsSince = Math.min(vehicle.standsSince, this.time);
    const { edgeLength } = this.#graph;
    while (vehicle.leg < vehicle.route.length - 1 && vehicle.s >= edgeLength[vehicle.route[vehicle.leg]]) {
      vehicle.s -= edgeLength[vehicle.route[vehicle.leg]];
      vehicle.leg++;
      if (vehicle.freeLeg < vehicle.leg) {
        this.linesOverrun++;
        vehicle.freeLeg = vehicle.leg;
      }
      const entry = vehicle.odometer - vehicle.s;
      vehicle.covers.push({ edge: vehicle.route[vehicle.leg], entry });
      this.occupancy.enter(vehicle.route[vehicle.leg], vehicle, entry, vehicle);
    }
    while (vehicle.covers.length > 1) {
      const { edge, entry } = vehicle.covers[0];
      if (!this.occupancy.isPast(edge, vehicle, entry)) break;
      this.occupancy.leave(edge, vehicle);
      this.rightOfWay.release(edge, vehicle);
      vehicle.covers.shift();
    }
  }

  /** So near to the end of its way that it must know what comes next. */
  #isAtEnd(vehicle: Vehicle): boolean {
    const { route, leg, s, speed } = vehicle;
    let left = -s;
    for (let i = leg; i < route.length; i++) {
      left += this.#graph.edgeLength[route[i]];
      if (left > 70 + 2 * speed) return false;
    }
    return true;
  }

  #goOn(vehicle: Vehicle): void {
    const last = vehicle.route.length - 1;
    const loop = this.#loops.get(vehicle);
    if (loop !== undefined) {
      const before = vehicle.stops;
      const kept = this.#replan(vehicle, last, loop);
      const shifted = before.map((stop) => ({ ...stop, leg: stop.leg - kept }));
      const next = this.routes.stopsOn(loop).map((stop) => ({ ...stop, leg: stop.leg + last - kept }));
      vehicle.stops = [...shifted, ...next.filter((stop) => stop.leg > last - kept)];
      return;
    }
    const onDuty = vehicle.kind.name === 'ambulance' || vehicle.kind.name === 'police';
    const ahead = onDuty || this.#random.next() >= retiring ? this.routes.tripFrom(vehicle.route[last]) : undefined;
    if (ahead === undefined) {
      this.remove(vehicle);
      return;
    }
    if (onDuty) vehicle.siren = !vehicle.siren;
    this.#replan(vehicle, last, ahead);
  }

  /** Last leg that must not be changed: the last one the right of way was taken for, on to a normal edge. */
  #lastFixedLeg(vehicle: Vehicle): number {
    let leg = Math.max(vehicle.leg, vehicle.freeLeg);
    while (leg < vehicle.route.length - 1 && (this.#graph.edgeFlags[vehicle.route[leg]] & EdgeFlag.internal) !== 0)
      leg++;
    return leg;
  }

  /**
   * Another way from the leg `fixed` on, whose edge is the first of `ahead`. What lies behind is forgotten except what the body
   * may still cover; returns by how much the numbers of the legs became smaller.
   */
  #replan(vehicle: Vehicle, fixed: number, ahead: readonly number[]): number {
    const kept = Math.max(0, vehicle.leg - legsBehind);
    const here = offsetAt(vehicle.offsets[vehicle.leg], vehicle.s, this.#graph.edgeLength[vehicle.route[vehicle.leg]]);
    const old = vehicle.offsets.slice(kept, vehicle.leg);
    const route = [...vehicle.route.slice(kept, fixed), ...ahead];
    vehicle.leg -= kept;
    vehicle.freeLeg -= kept;
    vehicle.offsets = [...old, ...laneOffsets(this.#graph, route.slice(vehicle.leg), here)];
    vehicle.route = route;
    return kept;
  }
}
