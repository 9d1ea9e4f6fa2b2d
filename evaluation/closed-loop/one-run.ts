import type { RoadGraph } from '../../roads/graph/index.ts';
import { Random } from '../random.ts';
import type { SensorOptions } from '../sensor-model.ts';
import { type Contact, Contacts } from './contacts.ts';
import { type AddressedAlert, CoreLink } from './core-link.ts';
import { Driver } from './driver.ts';
import { DriverControl } from './driver-control.ts';
import { type HardBraking, HardBrakings } from './hard-braking.ts';
import { SumoTraffic } from './sumo-traffic.ts';
import type { SumoWorld } from './sumo-world.ts';

export interface LoopOptions {
  /** SUMO's program. */
  readonly sumo: string;
  readonly world: SumoWorld;
  /** Of the same network. */
  readonly graph: RoadGraph;
  /** Seconds of the simulation from which everybody is watched and warned, and its end. */
  readonly from: number;
  readonly to: number;
  /** The seed in it is that of devices and drivers. */
  readonly sensors: SensorOptions;
  /** Seconds from issue of an alert to the driver. */
  readonly delivery: number;
  /** Told the second of the simulation now and then. */
  readonly progress: (time: number) => void;
}

/** What happened in one run. */
export interface RunRecord {
  readonly vehicleHours: number;
  readonly contacts: readonly Contact[];
  /** Pairs SUMO reported whose bodies never overlapped. */
  readonly withoutContact: number;
  readonly hardBrakings: readonly HardBraking[];
  /** Alerts by the highest stage each reached. */
  readonly alerts: readonly [advisory: number, warning: number, imminent: number];
  /** Begun brakings because of a warning: vehicle and second. */
  readonly brakings: readonly { readonly vehicle: string; readonly time: number }[];
  /** Vehicles that drove as an advisory says, at least for a while. */
  readonly calmed: number;
}

const step = 0.1;

/** The drivers of one warned run. */
class Drivers {
  readonly brakings: { vehicle: string; time: number }[] = [];
  readonly reactedAt = new Map<string, number>();
  readonly calmed = new Set<string>();
  private readonly drivers = new Map<string, { driver: Driver; control: DriverControl }>();
  private readonly traffic: SumoTraffic;
  private readonly counterpart: ReadonlyMap<string, string>;
  private readonly seed: number;
  private readonly delivery: number;
  /** Highest stage by alert. */
  private readonly stages = new Map<number, number>();

  constructor(traffic: SumoTraffic, counterpart: ReadonlyMap<string, string>, seed: number, delivery: number) {
    this.counterpart = counterpart;
    this.traffic = traffic;
    this.seed = seed;
    this.delivery = delivery;
  }

  alertsByStage(): [number, number, number] {
    const of = (stage: number): number => [...this.stages.values()].filter((one) => one === stage).length;
    return [of(1), of(2), of(3)];
  }

  hear({ vehicle, event }: AddressedAlert): void {
    const { alertId, stage } = event;
    if (stage > (this.stages.get(alertId) ?? 0)) this.stages.set(alertId, stage);
    const known = this.drivers.get(vehicle) ?? {
      driver: new Driver(Random.of(this.seed, `driver ${vehicle}`)),
      control: new DriverControl(this.traffic.client, vehicle, this.counterpart),
    };
    this.drivers.set(vehicle, known);
    const heard = this.traffic.time + this.delivery;
    known.driver.hear(heard, alertId, stage, heard + (event.validUntilMs - event.issuedMs) / 1000);
  }

  /** Sets what each driver does in the next step. Who has collided does nothing any more. */
  async act(crashed: ReadonlySet<string>): Promise<void> {
    const { time, vehicles, client } = this.traffic;
    for (const [id, { driver, control }] of this.drivers) {
      const vehicle = vehicles.get(id);
      if (vehicle === undefined) {
        this.drivers.delete(id);
        continue;
      }
      const conduct = crashed.has(id)
        ? { braking: 0, attentive: false, calm: false }
        : driver.conduct(time, vehicle.speed);
      if (conduct.braking > 0) {
        if (!control.isBraking) this.brakings.push({ vehicle: id, time });
        this.reactedAt.set(id, time);
      }
      if (conduct.calm) this.calmed.add(id);
      await control.apply(conduct, vehicle.speed);
    }
    await client.send();
  }
}

/** Runs a world once, with drivers who react to the core's warnings, or without a core. The same options give the same record. */
export async function runOnce(options: LoopOptions, seed: number, warned: boolean): Promise<RunRecord> {
  const { world, from, to, sensors } = options;
  const traffic = await SumoTraffic.start(options.sumo, world, seed, from, to);
  const link = warned ? new CoreLink(options.graph, world.projection, sensors) : undefined;
  const drivers = new Drivers(traffic, world.attentive.counterpart, sensors.seed, options.delivery);
  const contacts = new Contacts();
  const hard = new HardBrakings();
  let seconds = 0;
  try {
    while (traffic.time < to - step / 2) {
      const records = await traffic.advance();
      contacts.observe(traffic.time, records, traffic.vehicles);
      hard.observe(traffic.time, traffic.vehicles, drivers.reactedAt, contacts.crashed);
      seconds += traffic.vehicles.size * step;
      for (const alert of link?.exchange(traffic.time, traffic.vehicles) ?? []) drivers.hear(alert);
      await drivers.act(contacts.crashed);
      if (Math.round(traffic.time / step) % 1000 === 0) options.progress(traffic.time);
    }
  } finally {
    await traffic.stop();
  }
  return {
    vehicleHours: seconds / 3600,
    contacts: contacts.list,
    withoutContact: contacts.withoutContact,
    hardBrakings: hard.list,
    alerts: drivers.alertsByStage(),
    brakings: drivers.brakings,
    calmed: drivers.calmed.size,
  };
}
