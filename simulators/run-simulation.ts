import { setTimeout as wait } from 'node:timers/promises';
import { Fleet } from './clients/fleet.ts';
import type { Access } from './clients/vehicle-client.ts';
import { createRandom } from './random.ts';
import { Simulation, type SimulationOptions } from './simulation.ts';
import { stepSeconds } from './traffic/city-traffic.ts';

/** Steps made up at once after the process was held up; what is beyond is left out. */
const mostCatchUp = 5;
const reportEveryMs = 60_000;

export interface RunOptions extends Omit<SimulationOptions, 'fleet'> {
  readonly access: Access;
  readonly stop: AbortSignal;
}

/** Drives the simulation by the clock, ten steps a second, until `stop`; then disconnects all vehicles. */
export async function runSimulation(options: RunOptions): Promise<void> {
  const { access, stop, onEvent, seed } = options;
  const fleet = new Fleet(access, createRandom(seed + 1), {
    onWarning: (id, payload) => simulation.onWarning(id, payload),
    onTrouble: (reason) => onEvent(`connection: ${reason}`),
  });
  const simulation = new Simulation({ ...options, fleet });
  const stepMs = stepSeconds * 1000;
  let due = Date.now();
  let reportAt = due + reportEveryMs;
  while (!stop.aborted) {
    const behind = Math.floor((Date.now() - due) / stepMs);
    if (behind > mostCatchUp) due += (behind - mostCatchUp) * stepMs;
    while (due <= Date.now()) {
      simulation.step(Math.round(due));
      due += stepMs;
    }
    if (due > reportAt) {
      reportAt += reportEveryMs;
      onEvent(`${fleet.connected} vehicles connected, ${fleet.sent} messages sent`);
    }
    await wait(Math.max(1, due - Date.now()));
  }
  await fleet.close();
}
