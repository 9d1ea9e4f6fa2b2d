import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { EdgeFlag, Plane, type RoadGraph } from '../graph/index.ts';
import { listAt, numberAt } from './json-path.ts';
import type { ValhallaActor } from './valhalla.ts';

/** m between the points at which an edge is looked up, and the farthest that a routing edge may lie from ours. */
const sampleSpacing = 25;
const maxDistance = 5;
const maxHeadingErrorDeg = 35;
const lookupsPerCall = 400;

/** For each of our edges the directed edges of the routing graph that lie on it (Valhalla graph ids), and the way back. */
export interface EdgeMap {
  readonly toRouting: ReadonlyMap<number, readonly number[]>;
  readonly toGraph: ReadonlyMap<number, number>;
}

interface Sample {
  readonly edge: number;
  readonly lat: number;
  readonly lon: number;
  readonly headingDeg: number;
}

const angleBetween = (a: number, b: number): number => Math.abs(((a - b + 540) % 360) - 180);

function* samplesOf(graph: RoadGraph): Generator<Sample> {
  const plane = new Plane(graph.originLat, graph.originLon);
  for (let edge = 0; edge < graph.numEdges; edge++) {
    if ((graph.edgeFlags[edge]! & (EdgeFlag.internal | EdgeFlag.noMotor)) !== 0) continue;
    const first = graph.edgeShape[edge]!;
    const last = graph.edgeShape[edge + 1]! - 1;
    const length = graph.edgeLength[edge]!;
    const count = Math.max(1, Math.round(length / sampleSpacing));
    let point = first;
    for (let k = 0; k < count; k++) {
      const s = ((k + 0.5) * length) / count;
      while (point < last - 1 && graph.shapeS[point + 1]! < s) point += 1;
      const dx = graph.shapeX[point + 1]! - graph.shapeX[point]!;
      const dy = graph.shapeY[point + 1]! - graph.shapeY[point]!;
      const span = graph.shapeS[point + 1]! - graph.shapeS[point]!;
      const t = span > 0 ? (s - graph.shapeS[point]!) / span : 0;
      yield {
        edge,
        lat: plane.lat(graph.shapeY[point]! + t * dy),
        lon: plane.lon(graph.shapeX[point]! + t * dx),
        headingDeg: ((Math.atan2(dx, dy) * 180) / Math.PI + 360) % 360,
      };
    }
  }
}

async function lookUp(
  actor: ValhallaActor,
  samples: readonly Sample[],
  pairs: Map<string, [number, number]>,
): Promise<void> {
  const answer = await actor.locate({
    verbose: true,
    costing: 'auto',
    locations: samples.map(({ lat, lon }) => ({ lat, lon, radius: maxDistance, search_cutoff: 3 * maxDistance })),
  });
  const places = Array.isArray(answer) ? answer : [];
  samples.forEach((sample, i) => {
    let best = Number.NaN;
    let bestDistance = maxDistance;
    for (const candidate of listAt(places[i], 'edges')) {
      const distance = numberAt(candidate, 'distance');
      if (
        !(distance < bestDistance) ||
        angleBetween(numberAt(candidate, 'heading'), sample.headingDeg) > maxHeadingErrorDeg
      )
        continue;
      best = numberAt(candidate, 'edge_id', 'value');
      bestDistance = distance;
    }
    if (Number.isFinite(best)) pairs.set(`${sample.edge} ${best}`, [sample.edge, best]);
  });
}

function readCache(file: string): [number, number][] | undefined {
  if (!existsSync(file)) return undefined;
  const words = new Float64Array(new Uint8Array(readFileSync(file)).buffer);
  return Array.from({ length: words.length / 2 }, (_, i) => [words[2 * i]!, words[2 * i + 1]!]);
}

/**
 * Finds the routing edges that lie on each of our edges by looking up points along it; kept in `cacheFile`, which must be named
 * after both graphs.
 */
export async function buildEdgeMap(actor: ValhallaActor, graph: RoadGraph, cacheFile: string): Promise<EdgeMap> {
  let pairs = readCache(cacheFile);
  if (pairs === undefined) {
    const found = new Map<string, [number, number]>();
    let batch: Sample[] = [];
    for (const sample of samplesOf(graph)) {
      batch.push(sample);
      if (batch.length < lookupsPerCall) continue;
      await lookUp(actor, batch, found);
      batch = [];
    }
    if (batch.length > 0) await lookUp(actor, batch, found);
    pairs = [...found.values()];
    writeFileSync(`${cacheFile}.part`, new Uint8Array(new Float64Array(pairs.flat()).buffer));
    renameSync(`${cacheFile}.part`, cacheFile);
  }
  const toRouting = new Map<number, number[]>();
  const toGraph = new Map<number, number>();
  for (const [edge, routing] of pairs) {
    const list = toRouting.get(edge);
    if (list === undefined) toRouting.set(edge, [routing]);
    else list.push(routing);
    toGraph.set(routing, edge);
  }
  return { toRouting, toGraph };
}
