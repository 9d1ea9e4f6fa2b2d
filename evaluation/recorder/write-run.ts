import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SumoWorld } from '../closed-loop/sumo-world.ts';
import { bodyOverlaps } from './body-overlaps.ts';
import { keepCrossings } from './crossing-rows.ts';
import { hazardsOf } from './hazard-list.ts';
import type { LaneNetwork } from './lane-network.ts';
import type { RunDemand } from './run-inputs.ts';
import { isWrongWayDriver } from './scripted-drivers.ts';
import type { Simulated } from './simulate.ts';
import { sliceSeconds, tenHertzRows } from './ten-hertz-rows.ts';
import { writeOneHertz, writeTenHertz, writeVehicles } from './track-files.ts';
import { stepsPerSecond } from './traffic.ts';
import { collisionsCsv, hazardsCsv, overlapsCsv, possibleFrom } from './truth-files.ts';
import { type ContactRow, contactsOf } from './truth-rows.ts';

/** Facts of a recording that do not follow from its traffic. */
export interface RunFacts {
  readonly world: string;
  /** The run whose demand was used. */
  readonly demand: string;
  readonly name: string;
  readonly seed: number;
  readonly seedsTried: number;
  readonly end: number;
  /** People on foot added to the demand. */
  readonly walkers: number;
}

/** What was written, for the one who asked. */
export interface RunSummary {
  readonly name: string;
  readonly vehicleHours: number;
  readonly collisions: Readonly<Record<string, number>>;
  readonly possible: number;
  readonly secondary: number;
  readonly secondaryPossible: number;
}

/** Roads on which traffic is fast have queues looked for further ahead, and more upstream traffic is kept, m. */
const fastWorld = { queueReach: 700, upstream: 1500 };
const cityWorld = { queueReach: 120, upstream: 0 };
/** A network is fast from this mean limit on (by length), m/s. */
const fastLimit = 19;

/** Reaches that suit the network: long where most of the road is fast. */
export function reachesOf(network: LaneNetwork): { readonly queueReach: number; readonly upstream: number } {
  let length = 0;
  let weighted = 0;
  for (const edge of network.edges.values()) {
    if (edge.internal) continue;
    length += edge.length;
    weighted += edge.length * edge.speed;
  }
  return weighted / length >= fastLimit ? fastWorld : cityWorld;
}

const counts = (names: Iterable<string>): Record<string, number> => {
  const found: Record<string, number> = {};
  for (const name of names) found[name] = (found[name] ?? 0) + 1;
  return found;
};
const possibleOf = (rows: readonly ContactRow[]): number => rows.filter((row) => row.threatened >= possibleFrom).length;

/** Writes `<out>/<world>/<name>/` in the layout of the recorded worlds, and the world's network beside it. */
export async function writeRun(
  out: string,
  world: SumoWorld,
  network: LaneNetwork,
  demand: RunDemand,
  { traffic, records, scripted }: Simulated,
  facts: RunFacts,
): Promise<RunSummary> {
  const { projection } = world;
  const reaches = reachesOf(network);
  const scene = {
    traffic,
    network,
    stops: demand.stops,
    wrongWay: traffic.ids.flatMap((id, vehicle) => (isWrongWayDriver(id) ? [vehicle] : [])),
    queueReach: reaches.queueReach,
  };
  const contacts = contactsOf(scene, [...records, ...scripted]);
  const byTime = [...contacts.rows].sort((a, b) => a.step - b.step);
  const clean = byTime.filter((row) => !row.secondary);
  const secondary = byTime.filter((row) => row.secondary);
  const hazards = hazardsOf(scene, byTime);
  const kept = tenHertzRows(traffic, byTime, reaches.upstream);
  if (facts.walkers > 0) keepCrossings(traffic, kept);
  const worldFolder = join(out, facts.world);
  const folder = join(worldFolder, facts.name);
  mkdirSync(folder, { recursive: true });
  const map = join(worldFolder, 'net.net.xml.gz');
  if (!existsSync(map)) copyFileSync(world.net, map);
  await writeOneHertz(join(folder, 'tracks_1hz.csv.gz'), traffic);
  await writeTenHertz(join(folder, 'tracks_10hz.csv.gz'), traffic, kept);
  await writeVehicles(join(folder, 'vehicles.csv.gz'), traffic);
  const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  put('collisions.csv', collisionsCsv(traffic, projection, clean));
  put('collisions_secondary.csv', collisionsCsv(traffic, projection, secondary));
  put('hazards.csv', hazardsCsv(traffic, projection, hazards));
  put('body_overlaps.csv', overlapsCsv(traffic, projection, bodyOverlaps(traffic, network, contacts.crashedAt)));
  const summary: RunSummary = {
    name: `${facts.world}/${facts.name}`,
    vehicleHours: Number((traffic.count / stepsPerSecond / 3600).toFixed(1)),
    collisions: counts(clean.map((row) => row.class)),
    possible: possibleOf(clean),
    secondary: secondary.length,
    secondaryPossible: possibleOf(secondary),
  };
  const rows1Hz = oneHertzCount(traffic.stepStart, traffic.steps);
  const description = {
    world: facts.world,
    run: facts.name,
    demand: facts.demand,
    kind: facts.demand.startsWith('N') ? 'negative' : 'positive',
    seed: facts.seed,
    seeds_tried: facts.seedsTried,
    duration_s: facts.end,
    vehicle_hours: summary.vehicleHours,
    vehicles: traffic.ids.length,
    vehicle_types: counts(traffic.types),
    collisions_clean: clean.length,
    collisions_by_class: summary.collisions,
    collisions_possible_1km: summary.possible,
    secondary_collisions: secondary.length,
    secondary_possible_1km: summary.secondaryPossible,
    sumo_pairs_without_body_overlap_dropped: contacts.withoutOverlap,
    tracks_cut_after_artefact: traffic.cutAt.size,
    records_dropped_with_cut_tracks: contacts.afterCut,
    sumo_collision_records: records.length,
    hazards: counts(hazards.map((hazard) => hazard.kind)),
    tracks_1hz: 'whole run',
    vehicle_hours_in_1hz: Number((rows1Hz / 3600).toFixed(1)),
    slice_10hz_s: sliceSeconds,
    walkers: facts.walkers,
    rows_1hz: rows1Hz,
    rows_10hz: kept.reduce((sum, row) => sum + row, 0),
    scripted: scripted.map(({ time, type, collider, victim }) => ({
      kind: type.replace('lane_', ''),
      t: time,
      virtual: collider,
      other: victim,
    })),
    options: world.command.replace(/--seed \S+/, `--seed ${facts.seed}`).replace(/--end \S+/, `--end ${facts.end}`),
  };
  put('run.json', `${JSON.stringify(description, undefined, 1)}\n`);
  return summary;
}

function oneHertzCount(stepStart: Uint32Array, steps: number): number {
  let count = 0;
  for (let step = 0; step < steps; step += stepsPerSecond) count += stepStart[step + 1] - stepStart[step];
  return count;
}
