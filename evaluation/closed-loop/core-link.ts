import { type AlertEvent, type CollisionEngine, createEngine } from '../../collision/index.ts';
import { type Plane, planeOf, type RoadGraph } from '../../roads/graph/index.ts';
import type { SumoProjection } from '../../roads/import/index.ts';
import { epochMs, flagsOf, silentMs } from '../drive.ts';
import { Device, type Report, type SensorOptions, toldAccuracy } from '../sensor-model.ts';
import { stationTypeOf } from '../station-type.ts';
import type { SumoVehicle } from './sumo-traffic.ts';

/** Vehicles known at once, those silent for less than a minute included. */
const capacity = 8192;

interface Sender {
  readonly id: string;
  readonly device: Device;
  readonly slot: number;
  readonly generation: number;
  heardMs: number;
}

interface Underway extends Report {
  readonly sender: Sender;
  readonly order: number;
  readonly timestampMs: number;
  readonly accel: number;
  readonly length: number;
  readonly width: number;
  readonly flags: number;
}

/** An alert and the vehicle it is for. */
export interface AddressedAlert {
  readonly vehicle: string;
  readonly event: AlertEvent;
}

/** The way of the traffic's states through devices and uplink into the core, and of the alerts back. */
export class CoreLink {
  private readonly engine: CollisionEngine;
  private readonly plane: Plane;
  private readonly projection: SumoProjection;
  private readonly sensors: SensorOptions;
  private readonly senders = new Map<string, Sender>();
  private readonly nameOfSlot: string[] = [];
  private readonly generations = new Uint32Array(capacity);
  private readonly freeSlots: number[] = [];
  private underway: Underway[] = [];
  private order = 0;
  private usedSlots = 0;

  constructor(graph: RoadGraph, projection: SumoProjection, sensors: SensorOptions) {
    this.engine = createEngine(graph, { capacity });
    this.plane = planeOf(graph);
    this.projection = projection;
    this.sensors = sensors;
  }

  /** One step: what has arrived by `time` goes to the core, the core decides, its alerts are returned in order. */
  exchange(time: number, vehicles: ReadonlyMap<string, SumoVehicle>): readonly AddressedAlert[] {
    const nowMs = Math.round(time * 1000);
    for (const vehicle of vehicles.values()) this.report(time, vehicle);
    const due = this.underway.filter(({ received }) => Math.round(received * 1000) <= nowMs);
    if (due.length === this.underway.length) this.underway = [];
    else this.underway = this.underway.filter(({ received }) => Math.round(received * 1000) > nowMs);
    due.sort((a, b) => a.received - b.received || a.order - b.order);
    for (const report of due) this.deliver(report, nowMs);
    this.engine.tick(epochMs + nowMs);
    const alerts = this.engine.drainAlerts().map((event) => ({ vehicle: this.nameOfSlot[event.slot], event }));
    if (nowMs % 1000 === 0) this.retireSilent(nowMs);
    return alerts;
  }

  private report(time: number, vehicle: SumoVehicle): void {
    const sender = this.senders.get(vehicle.id) ?? this.enter(vehicle.id, Math.round(time * 1000));
    if (!sender.device.present) {
      sender.heardMs = Math.round(time * 1000);
      return;
    }
    const [lat, lon] = this.projection.toLatLon(vehicle.x, vehicle.y);
    const report: Underway = {
      sender,
      order: this.order++,
      timestampMs: epochMs + Math.round(time * 1000),
      received: time,
      lat,
      lon,
      speed: Math.max(0, vehicle.speed),
      headingDeg: vehicle.headingDeg,
      accel: vehicle.accel,
      length: vehicle.length > 0 ? vehicle.length : Number.NaN,
      width: vehicle.width > 0 ? vehicle.width : Number.NaN,
      flags: flagsOf(vehicle.signals),
    };
    const { x, y } = { x: this.plane.x(lon), y: this.plane.y(lat) };
    if (sender.device.report(time, x, y, report.speed, report.headingDeg, report)) this.underway.push(report);
  }

  private deliver(report: Underway, nowMs: number): void {
    const { sender, length, width } = report;
    // A report that was on its way for longer than the sender was remembered.
    if (this.senders.get(sender.id) !== sender) return;
    sender.heardMs = nowMs;
    this.engine.update(
      sender.slot,
      sender.generation,
      report.timestampMs,
      report.lat,
      report.lon,
      report.speed,
      report.headingDeg,
      report.accel,
      Number.NaN,
      toldAccuracy(this.sensors.noise),
      length,
      width,
      stationTypeOf(length, width),
      report.flags,
    );
  }

  private enter(id: string, nowMs: number): Sender {
    const slot = this.freeSlots.pop() ?? this.usedSlots++;
    if (slot >= capacity) throw new Error(`more than ${capacity} vehicles at once`);
    this.generations[slot] += 1;
    const device = new Device(id, this.plane, this.sensors);
    const sender = { id, device, slot, generation: this.generations[slot], heardMs: nowMs };
    this.senders.set(id, sender);
    this.nameOfSlot[slot] = id;
    return sender;
  }

  private retireSilent(nowMs: number): void {
    for (const sender of this.senders.values()) {
      if (nowMs - sender.heardMs <= silentMs) continue;
      this.engine.retire(sender.slot, sender.generation);
      this.senders.delete(sender.id);
      this.freeSlots.push(sender.slot);
    }
  }
}
