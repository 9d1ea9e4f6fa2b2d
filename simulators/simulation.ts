import { type IncidentReport, VehicleFlag } from '../messages/index.ts';
import { type Plane, planeOf, type RoadGraph } from '../roads/graph/index.ts';
import type { Fleet } from './clients/fleet.ts';
import type { VehicleClient } from './clients/vehicle-client.ts';
import { createRandom, type Random } from './random.ts';
import type { Actor } from './scenarios/actor.ts';
import { Director } from './scenarios/director.ts';
import type { Contact, Encounter } from './scenarios/encounter.ts';
import type { ScenarioKind } from './scenarios/site.ts';
import { goodSensors, phoneSensors, Sensors, type TrueState } from './sensors.ts';
import { telemetryMessage, type VehicleFacts } from './telemetry-message.ts';
import { CityTraffic, stepSeconds } from './traffic/city-traffic.ts';
import { type Pose, poseOf } from './traffic/pose.ts';
import type { Vehicle } from './traffic/vehicle.ts';
import type { VehicleKind } from './traffic/vehicle-kinds.ts';

/** What the simulation needs of the vehicles' connections; `Fleet` has it. */
export interface Connections extends Pick<Fleet, 'publish' | 'keepOnly' | 'advance'> {
  clientOf(vehicleId: string, urgent: boolean): Pick<VehicleClient, 'report'> | undefined;
}

export interface SimulationOptions {
  readonly graph: RoadGraph;
  readonly seed: number;
  readonly vehicles: number;
  readonly idPrefix: string;
  readonly scenarios: readonly ScenarioKind[];
  /** Simulated second of the first scripted contact. */
  readonly firstContact: number;
  /** Drivers who get a warning of stage 2 or 3 brake. */
  readonly reacting: boolean;
  readonly fleet: Connections;
  readonly onEvent: (text: string) => void;
}

/** Steps between two messages of a vehicle: 5, 3.3, 2.5 and 2 Hz; scripted vehicles and sirens speak 10 times a second. */
const periods = [2, 3, 4, 5, 5];
const reactionSeconds = 1.1;
/** A crashed vehicle reports itself so many seconds after the impact. */
const reportAfter = [3, 5] as const;
const phoneShare = 0.15;

interface Unit {
  readonly facts: VehicleFacts;
  readonly sensors: Sensors;
  readonly period: number;
  readonly phase: number;
}

interface Warned {
  /** Simulated second and stage of each message that was not a cancel. */
  readonly alerts: { readonly time: number; readonly stage: number }[];
}

/** Traffic, scripted encounters, instruments and messages together; each `step` is a tenth of a second of the vehicles' lives. */
export class Simulation {
  readonly traffic: CityTraffic;
  readonly director: Director;
  readonly #options: SimulationOptions;
  readonly #plane: Plane;
  readonly #random: Random;
  readonly #units = new Map<string, Unit>();
  readonly #warned = new Map<string, Warned>();
  readonly #reports: { readonly at: number; readonly actor: Actor; readonly occurredAtMs: number }[] = [];
  readonly #pose: Pose = { x: 0, y: 0, hx: 0, hy: 1 };
  #steps = 0;
  #crashes = 0;
  #nowMs = 0;

  constructor(options: SimulationOptions) {
    const { graph, seed, vehicles, idPrefix, scenarios, firstContact } = options;
    this.#options = options;
    this.#plane = planeOf(graph);
    this.#random = createRandom(seed);
    this.traffic = new CityTraffic({ graph, random: this.#random.fork(), vehicles, idPrefix });
    this.director = new Director({
      graph,
      traffic: this.traffic,
      random: this.#random.fork(),
      scenarios,
      firstContact,
      idPrefix,
      onContact: (encounter, contact) => this.#onContact(encounter, contact),
    });
  }

  /** Simulated seconds. */
  get time(): number {
    return this.traffic.time;
  }

  /** Advances by `stepSeconds` and sends what is due; `nowMs` is the UTC time of the new state. */
  step(nowMs: number): void {
    this.#nowMs = nowMs;
    this.#steps++;
    this.traffic.step();
    this.director.step();
    this.#options.fleet.advance(stepSeconds);
    for (const vehicle of this.traffic.vehicles) this.#send(vehicle);
    for (const actor of this.director.actors) this.#sendActor(actor);
    this.#sendReports();
    if (this.#steps % 20 === 0) this.#forgetGone();
  }

  /** A message on the warnings topic of one of the vehicles. */
  onWarning(vehicleId: string, payload: Uint8Array): void {
    const warning: unknown = JSON.parse(Buffer.from(payload).toString());
    if (warning === null || typeof warning !== 'object' || !('stage' in warning) || typeof warning.stage !== 'number')
      return;
    if (warning.stage === 0) return;
    const warned = this.#warned.get(vehicleId) ?? { alerts: [] };
    if (warned.alerts.length < 50) warned.alerts.push({ time: this.time, stage: warning.stage });
    this.#warned.set(vehicleId, warned);
  }

  #unitOf(id: string, kind: VehicleKind, period: number | undefined): Unit {
    const known = this.#units.get(id);
    if (known !== undefined) return known;
    const random = this.#random.fork();
    const quality = period === undefined && random.next() < phoneShare ? phoneSensors : goodSensors;
    const sensors = new Sensors(quality, random);
    const own = period ?? periods[random.below(periods.length)];
    const facts = {
      stationType: kind.stationType,
      length: kind.length,
      width: kind.width,
      accuracy: sensors.accuracy,
    };
    const unit = { facts, sensors, period: own, phase: random.below(own) };
    this.#units.set(id, unit);
    return unit;
  }

  #send(vehicle: Vehicle): void {
    const unit = this.#unitOf(vehicle.id, vehicle.kind, vehicle.siren ? 1 : undefined);
    if ((this.#steps + unit.phase) % unit.period !== 0) return;
    poseOf(this.#options.graph, vehicle, this.#pose);
    const { x, y, hx, hy } = this.#pose;
    let flags = 0;
    if (vehicle.acceleration < -0.7) flags |= VehicleFlag.brakeLights;
    if (vehicle.siren) flags |= VehicleFlag.siren;
    this.#publish(
      vehicle.id,
      unit,
      { x, y, hx, hy, speed: vehicle.speed, acceleration: vehicle.acceleration },
      flags,
      false,
    );
  }

  #sendActor(actor: Actor): void {
    const unit = this.#unitOf(actor.id, actor.party.kind, 1);
    if (this.#options.reacting && this.#isToldToBrake(actor.id)) actor.brake();
    const { x, y, hx, hy } = actor.outline;
    let flags = 0;
    if (actor.acceleration < -0.7) flags |= VehicleFlag.brakeLights;
    if (actor.stands) flags |= VehicleFlag.hazardLights;
    if (actor.isWreck && this.#speaksForItself(actor)) flags |= VehicleFlag.airbagDeployed;
    const truth = { x, y, hx, hy, speed: actor.speed, acceleration: actor.acceleration };
    this.#publish(actor.id, unit, truth, flags, true);
  }

  #publish(id: string, { facts, sensors }: Unit, truth: TrueState, flags: number, urgent: boolean): void {
    const measured = sensors.measure(truth, this.time);
    this.#options.fleet.publish(id, telemetryMessage(facts, measured, this.#nowMs, flags, this.#plane), urgent);
  }

  #isToldToBrake(id: string): boolean {
    const alerts = this.#warned.get(id)?.alerts ?? [];
    return alerts.some(({ stage, time }) => stage >= 2 && this.time - time >= reactionSeconds);
  }

  /** Every second crash is one of vehicles that report it themselves; the others are told by their movement only. */
  #speaksForItself(actor: Actor): boolean {
    return this.#reports.some((report) => report.actor === actor) || this.#reported.has(actor.id);
  }

  readonly #reported = new Set<string>();

  #onContact(encounter: Encounter, contact: Contact): void {
    const speaks = this.#crashes++ % 2 === 1;
    const [a, b] = encounter.actors;
    const warned = [a, b].map((actor) => {
      const first = actor && this.#warned.get(actor.id)?.alerts[0];
      return first === undefined
        ? `${actor?.id} not warned`
        : `${actor?.id} warned ${(contact.time - first.time).toFixed(1)} s before`;
    });
    this.#options.onEvent(
      `crash ${encounter.site.scenario} at ${this.#plane.lat(contact.y).toFixed(5)}, ${this.#plane.lon(contact.x).toFixed(5)}, ${contact.speeds
        .map((speed) => `${speed.toFixed(1)} m/s`)
        .join(' and ')}; ${warned.join(', ')}`,
    );
    if (!speaks) return;
    [a, b].forEach((actor, i) => {
      if (actor !== undefined)
        this.#reports.push({ at: contact.time + reportAfter[i], actor, occurredAtMs: this.#nowMs });
    });
  }

  #sendReports(): void {
    for (let i = this.#reports.length - 1; i >= 0; i--) {
      const { at, actor, occurredAtMs } = this.#reports[i];
      if (this.time < at) continue;
      this.#reports.splice(i, 1);
      this.#reported.add(actor.id);
      const report: IncidentReport = {
        reportId: `${actor.id}-${occurredAtMs}`,
        vehicleId: actor.id,
        kind: 'crash',
        occurredAtMs,
        lat: this.#plane.lat(actor.outline.y),
        lon: this.#plane.lon(actor.outline.x),
        deltaV: Number(actor.deltaV.toFixed(1)),
        airbagDeployed: true,
        occupants: 1,
      };
      this.#options.fleet
        .clientOf(actor.id, true)
        ?.report(JSON.stringify(report))
        .catch((error: Error) => this.#options.onEvent(`report of ${actor.id} failed: ${error.message}`));
    }
  }

  #forgetGone(): void {
    const present = new Set(this.traffic.vehicles.map(({ id }) => id));
    for (const { id } of this.director.actors) present.add(id);
    for (const known of [this.#units, this.#warned])
      for (const id of known.keys()) if (!present.has(id)) known.delete(id);
    for (const id of this.#reported) if (!present.has(id)) this.#reported.delete(id);
    this.#options.fleet.keepOnly(present);
  }
}
