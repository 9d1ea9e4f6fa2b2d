import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { SumoTraffic } from '../closed-loop/sumo-traffic.ts';
import type { SumoWorld } from '../closed-loop/sumo-world.ts';
import { FcdStream } from './fcd-stream.ts';
import type { LaneNetwork } from './lane-network.ts';
import type { RunDemand } from './run-inputs.ts';
import { ScriptedDrivers } from './scripted-drivers.ts';
import { outputOptions, type Simulated } from './simulate.ts';
import { readSumoRecords } from './sumo-records.ts';
import { stepsPerSecond, TrafficBuilder } from './traffic.ts';

/** As `simulate`, with scripted drivers: SUMO is led step by step, those the script takes over are removed from it and their rows written here. */
export async function simulateScripted(
  binary: string,
  world: SumoWorld,
  network: LaneNetwork,
  demand: RunDemand,
  seed: number,
  end: number,
  progress: (time: number) => void,
): Promise<Simulated> {
  const folder = mkdtempSync(join(tmpdir(), 'record-'));
  try {
    const [states, collisions] = [join(folder, 'states.xml.gz'), join(folder, 'collisions.xml')];
    const args = [...world.args, ...outputOptions(states, collisions)];
    const sumo = await SumoTraffic.start(
      binary,
      { ...world, args, attentive: { xml: '', counterpart: new Map() } },
      seed,
      0,
      end,
    );
    const drivers = new ScriptedDrivers(network, seed, end);
    try {
      for (let step = 0; step < end * stepsPerSecond; step += 1) {
        await sumo.advance();
        for (const id of drivers.observe(step, sumo.vehicles)) await sumo.remove(id);
        progress(step / stepsPerSecond);
      }
    } finally {
      await sumo.stop();
    }
    const builder = new TrafficBuilder(world.projection, demand.sizes);
    const stream = new FcdStream(builder, (to, step) => {
      for (const { id, x, y, speed, accel, headingDeg, lane } of drivers.samples.get(step) ?? []) {
        const [lat, lon] = world.projection.toLatLon(x, y);
        to.add(id, 'ccar', { lat, lon, speed, accel, headingDeg, lane: lane ?? '', pos: 0, signals: 0 });
      }
    });
    const text = createReadStream(states).pipe(createGunzip()).setEncoding('utf8');
    for await (const chunk of text) stream.push(String(chunk));
    return { traffic: builder.finish(), records: readSumoRecords(collisions), scripted: drivers.records };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
