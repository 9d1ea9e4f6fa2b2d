import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SumoProcess, startSumo } from './sumo-process.ts';
import type { SumoWorld } from './sumo-world.ts';
import { TraciFormatError, type TraciValue } from './traci-bytes.ts';
import type { TraciClient } from './traci-client.ts';
import { Command, collisionFields, SimulationVariable, VehicleVariable } from './traci-codes.ts';

/** A vehicle as SUMO has it now; x, y is the middle of the front bumper in the network's plane, m. */
export interface SumoVehicle {
  readonly id: string;
  x: number;
  y: number;
  speed: number;
  /** Degrees clockwise from north. */
  headingDeg: number;
  accel: number;
  signals: number;
  length: number;
  width: number;
  /** One step before; NaN in the first step. */
  lastX: number;
  lastY: number;
  lastSpeed: number;
  lastHeadingDeg: number;
  /** Step of the last news. */
  step: number;
}

/** One record of SUMO's collision list: repeated in every step in which the two overlap. */
export interface CollisionRecord {
  readonly collider: string;
  readonly victim: string;
}

const watched = [
  VehicleVariable.position,
  VehicleVariable.speed,
  VehicleVariable.angle,
  VehicleVariable.acceleration,
  VehicleVariable.signals,
  VehicleVariable.length,
  VehicleVariable.width,
];
/** Seconds simulated at a time while nobody looks, so that each answer comes soon. */
const unseenStretch = 20;

/** The traffic of one SUMO process, step by step. */
export class SumoTraffic {
  /** Everybody on the road, in the order of departure. */
  readonly vehicles = new Map<string, SumoVehicle>();
  /** Who left in the last step. */
  readonly arrived: string[] = [];
  readonly client: TraciClient;
  /** Second of the simulation. */
  time = 0;
  private readonly process: SumoProcess;
  private step = 0;
  private departed: readonly string[] = [];
  private collisions: CollisionRecord[] = [];

  private constructor(process: SumoProcess) {
    this.process = process;
    this.client = process.client;
  }

  /** Starts SUMO on the world and simulates, unseen, up to second `from`. Left alone it ends by itself at `to`. */
  static async start(binary: string, world: SumoWorld, seed: number, from: number, to: number): Promise<SumoTraffic> {
    const quiet = ['--no-step-log', 'true', '--no-warnings', 'true'];
    const span = ['--seed', String(seed), '--end', String(to)];
    const folder = mkdtempSync(join(tmpdir(), 'closed-loop-'));
    try {
      const extra = join(folder, 'attentive.add.xml');
      writeFileSync(extra, world.attentive.xml);
      const args = world.args.map((arg, i) =>
        world.attentive.xml !== '' && world.args[i - 1] === '-a' ? `${arg},${extra}` : arg,
      );
      const traffic = new SumoTraffic(await startSumo(binary, [...args, ...span, ...quiet]));
      try {
        await traffic.begin(from);
      } catch (error) {
        await traffic.stop();
        throw error;
      }
      return traffic;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  private async begin(from: number): Promise<void> {
    const { client } = this;
    for (let until = 0; until < from; ) {
      until = Math.min(from, until + unseenStretch);
      await client.step(() => {}, until);
    }
    const simulation = [SimulationVariable.time, SimulationVariable.departedIds, SimulationVariable.collisions];
    await client.subscribe(Command.subscribeSimulation, ['x'], simulation, this.receive);
    await this.enter(textsOf(await client.get(Command.getVehicle, VehicleVariable.idList, '')));
  }

  /** One step of the simulation. Returns the collisions SUMO reports in it. */
  async advance(): Promise<readonly CollisionRecord[]> {
    this.step += 1;
    this.departed = [];
    this.collisions = [];
    await this.client.step(this.receive);
    await this.enter(this.departed);
    this.arrived.length = 0;
    for (const vehicle of this.vehicles.values())
      if (vehicle.step !== this.step) {
        this.vehicles.delete(vehicle.id);
        this.arrived.push(vehicle.id);
      }
    return this.collisions;
  }

  /** Takes a vehicle off the road, from the next step on. */
  async remove(id: string): Promise<void> {
    await this.client.unsubscribe(Command.subscribeVehicle, id);
    this.client.remove(id);
    await this.client.send();
  }

  stop(): Promise<void> {
    return this.process.stop();
  }

  private async enter(ids: readonly string[]): Promise<void> {
    for (const id of ids) if (!this.vehicles.has(id)) this.vehicles.set(id, newVehicle(id));
    await this.client.subscribe(Command.subscribeVehicle, ids, watched, this.receive);
  }

  private readonly receive = (domain: number, object: string, variable: number, value: TraciValue): void => {
    if (domain === Command.subscribeSimulation) this.simulation(variable, value);
    else if (domain === Command.subscribeVehicle) {
      const vehicle = this.vehicles.get(object);
      if (vehicle !== undefined) this.news(vehicle, variable, value);
    }
  };

  private simulation(variable: number, value: TraciValue): void {
    if (variable === SimulationVariable.time) this.time = numberOf(value);
    else if (variable === SimulationVariable.departedIds) this.departed = textsOf(value);
    else if (variable === SimulationVariable.collisions && Array.isArray(value))
      for (let i = 0; i + collisionFields <= value.length; i += collisionFields)
        this.collisions.push({ collider: String(value[i]), victim: String(value[i + 1]) });
  }

  private news(vehicle: SumoVehicle, variable: number, value: TraciValue): void {
    if (vehicle.step !== this.step) {
      vehicle.step = this.step;
      vehicle.lastX = vehicle.x;
      vehicle.lastY = vehicle.y;
      vehicle.lastSpeed = vehicle.speed;
      vehicle.lastHeadingDeg = vehicle.headingDeg;
    }
    if (variable === VehicleVariable.position && Array.isArray(value)) {
      vehicle.x = numberOf(value[0]);
      vehicle.y = numberOf(value[1]);
    } else if (variable === VehicleVariable.speed) vehicle.speed = numberOf(value);
    else if (variable === VehicleVariable.angle) vehicle.headingDeg = numberOf(value);
    else if (variable === VehicleVariable.acceleration) vehicle.accel = numberOf(value);
    else if (variable === VehicleVariable.signals) vehicle.signals = numberOf(value);
    else if (variable === VehicleVariable.length) vehicle.length = numberOf(value);
    else if (variable === VehicleVariable.width) vehicle.width = numberOf(value);
  }
}

function newVehicle(id: string): SumoVehicle {
  const none = Number.NaN;
  return {
    id,
    x: none,
    y: none,
    speed: none,
    headingDeg: none,
    accel: 0,
    signals: 0,
    length: 0,
    width: 0,
    lastX: none,
    lastY: none,
    lastSpeed: none,
    lastHeadingDeg: none,
    step: -1,
  };
}

function numberOf(value: TraciValue): number {
  if (typeof value !== 'number')
    throw new TraciFormatError(`TraCI: a number was expected, not ${JSON.stringify(value)}`);
  return value;
}

function textsOf(value: TraciValue): readonly string[] {
  if (!Array.isArray(value)) throw new TraciFormatError(`TraCI: a list was expected, not ${JSON.stringify(value)}`);
  return value.map(String);
}
