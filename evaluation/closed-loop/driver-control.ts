import type { Conduct } from './driver.ts';
import type { TraciClient } from './traci-client.ts';
import { Command, VehicleVariable } from './traci-codes.ts';

/** Speed modes (bit set of SUMO): everything regarded; and all but the greatest deceleration, so that braking harder than usual is possible. */
const usualMode = 31;
const brakingMode = 27;
/** Advised: 10 % slower, half a second more headway. */
const calmFactor = 0.9;
const calmHeadway = 0.5;
/** Headway and decision period of a driver who pays attention, s. */
const attentiveHeadway = 1.3;
const attentivePeriod = 0.1;
const step = 0.1;

interface Habits {
  readonly type: string;
  readonly tau: number;
  readonly speedFactor: number;
  readonly period: number;
}

/** Makes one vehicle of SUMO behave as its driver's conduct says, and gives it back as it was. */
export class DriverControl {
  private readonly client: TraciClient;
  private readonly vehicle: string;
  private readonly counterpart: ReadonlyMap<string, string>;
  private habits: Habits | undefined;
  private braking = false;
  private now: Habits | undefined;

  /** `counterpart`: for types that disregard right of way, the type that does not. */
  constructor(client: TraciClient, vehicle: string, counterpart: ReadonlyMap<string, string>) {
    this.client = client;
    this.vehicle = vehicle;
    this.counterpart = counterpart;
  }

  /** Whether the driver brakes because of a warning. */
  get isBraking(): boolean {
    return this.braking;
  }

  /** Queues what is to change for the next step; `speed` is the present one, m/s. */
  async apply(conduct: Conduct, speed: number): Promise<void> {
    const { client, vehicle } = this;
    if (conduct.braking > 0) {
      if (!this.braking) client.set(VehicleVariable.speedMode, vehicle, brakingMode, 'integer');
      client.set(VehicleVariable.speed, vehicle, Math.max(0, speed - conduct.braking * step));
    } else if (this.braking) {
      client.set(VehicleVariable.speed, vehicle, -1);
      client.set(VehicleVariable.speedMode, vehicle, usualMode, 'integer');
    }
    this.braking = conduct.braking > 0;
    if (this.now !== undefined || conduct.attentive || conduct.calm) await this.adopt(conduct);
  }

  private async adopt({ attentive, calm }: Conduct): Promise<void> {
    this.habits ??= await this.read();
    const { type, tau, speedFactor, period } = this.habits;
    const wanted: Habits = {
      type: (attentive ? this.counterpart.get(type) : undefined) ?? type,
      tau: (attentive ? Math.max(tau, attentiveHeadway) : tau) + (calm ? calmHeadway : 0),
      speedFactor: speedFactor * (calm ? calmFactor : 1),
      period: attentive ? Math.min(period, attentivePeriod) : period,
    };
    const now = this.now ?? this.habits;
    const change = (variable: number, from: number, to: number): void => {
      if (from !== to || now.type !== wanted.type) this.client.set(variable, this.vehicle, to);
    };
    // A change of type brings that type's other habits with it: they are set anew.
    if (now.type !== wanted.type) this.client.set(VehicleVariable.type, this.vehicle, wanted.type);
    change(VehicleVariable.tau, now.tau, wanted.tau);
    change(VehicleVariable.speedFactor, now.speedFactor, wanted.speedFactor);
    change(VehicleVariable.actionStepLength, now.period, wanted.period);
    this.now = wanted;
  }

  private async read(): Promise<Habits> {
    const value = async (variable: number): Promise<number> =>
      Number(await this.client.get(Command.getVehicle, variable, this.vehicle));
    return {
      type: String(await this.client.get(Command.getVehicle, VehicleVariable.type, this.vehicle)),
      tau: await value(VehicleVariable.tau),
      speedFactor: await value(VehicleVariable.speedFactor),
      period: await value(VehicleVariable.actionStepLength),
    };
  }
}
