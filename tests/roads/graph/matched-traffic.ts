import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import {
  EdgeFlag,
  edgesBySource,
  MapMatcher,
  planeOf,
  type RoadGraph,
  SpatialIndex,
} from '../../../roads/graph/index.ts';
import { importSumoNet } from '../../../roads/import/index.ts';
import { sharedData } from '../../fixtures/shared-data.ts';

export function readRows(path: string): string[][] {
  const text = gunzipSync(readFileSync(sharedData(path))).toString('utf8');
  return text
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((row) => row.split(','));
}

/** A SUMO network of the shared data with all that a test of the matcher needs. */
export function sumoTown(path: string): {
  graph: RoadGraph;
  index: SpatialIndex;
  edgeOf: Map<string, number>;
  x: (lon: string) => number;
  y: (lat: string) => number;
} {
  const { graph } = importSumoNet(gunzipSync(readFileSync(sharedData(path))).toString('utf8'), 'test');
  const plane = planeOf(graph);
  return {
    graph,
    index: new SpatialIndex(graph),
    edgeOf: edgesBySource(graph),
    x: (lon) => plane.x(Number(lon)),
    y: (lat) => plane.y(Number(lat)),
  };
}

export interface Tally {
  fixes: number;
  /** The true edge. */
  exact: number;
  /** The true edge, the movement before or after it, or another movement of the same approach. */
  near: number;
}

export function tally(graph: RoadGraph, got: number, truth: number, into: Tally): void {
  into.fixes++;
  if (got === truth) into.exact++;
  if (
    got >= 0 &&
    (got === truth || follows(graph, got, truth) || follows(graph, truth, got) || sameStart(graph, got, truth))
  )
    into.near++;
}

function follows(graph: RoadGraph, a: number, b: number): boolean {
  for (let k = graph.turnStart[a]; k < graph.turnStart[a + 1]; k++) if (graph.turnTo[k] === b) return true;
  return false;
}

function sameStart(graph: RoadGraph, a: number, b: number): boolean {
  const both = graph.edgeFlags[a] & graph.edgeFlags[b] & EdgeFlag.internal;
  return both !== 0 && graph.edgeFrom[a] === graph.edgeFrom[b];
}

/** Slots for vehicle names, in order of appearance. */
export function slotter(): (vehicle: string) => number {
  const slots = new Map<string, number>();
  return (vehicle) => {
    const known = slots.get(vehicle);
    if (known !== undefined) return known;
    slots.set(vehicle, slots.size);
    return slots.size - 1;
  };
}

export function matcherFor(town: { graph: RoadGraph; index: SpatialIndex }, capacity: number): MapMatcher {
  return new MapMatcher(town.graph, town.index, { capacity });
}
