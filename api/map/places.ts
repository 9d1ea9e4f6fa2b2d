import { EdgeFlag, type RoadGraph } from '../../roads/graph/index.ts';
import type { Facility } from '../deps.ts';
import { edgeLine } from './edge-geometry.ts';
import { normaliseText } from './normalise-text.ts';

export interface Place {
  readonly kind: string;
  readonly name: string;
  readonly lat: number;
  readonly lon: number;
}

interface Entry {
  readonly place: Place;
  /** With and without its spaces: "ولی عصر", "ولی‌عصر" and "ولیعصر" are one street. */
  readonly spaced: string;
  readonly joined: string;
  /** Long streets and important places first among equals. */
  readonly weight: number;
}

/** Finds streets and facilities by name; holds one entry a name. */
export class Places {
  readonly #entries: readonly Entry[];

  constructor(graph: RoadGraph, facilities: readonly Facility[]) {
    this.#entries = [...streets(graph), ...facilities.flatMap(facilityEntries)];
  }

  /** Best matches first; at most `limit`. A query that has no letter or digit finds nothing. */
  search(query: string, limit: number): Place[] {
    const spaced = normaliseText(query);
    const joined = spaced.replaceAll(' ', '');
    if (joined === '') return [];
    const found: { readonly entry: Entry; readonly score: number }[] = [];
    for (const entry of this.#entries) {
      const score = scoreOf(entry, spaced, joined);
      if (score > 0) found.push({ entry, score });
    }
    found.sort((a, b) => b.score - a.score || b.entry.weight - a.entry.weight);
    return found.slice(0, limit).map(({ entry }) => entry.place);
  }
}

/** 5 the same, 4 begins so, 3 a word begins so, 2 contains it, 1 contains every word, 0 none. */
function scoreOf(entry: Entry, spaced: string, joined: string): number {
  if (entry.joined === joined) return 5;
  if (entry.joined.startsWith(joined)) return 4;
  if (` ${entry.spaced}`.includes(` ${spaced}`)) return 3;
  if (entry.joined.includes(joined)) return 2;
  return spaced.split(' ').every((word) => entry.spaced.includes(word)) ? 1 : 0;
}

function entryOf(text: string, place: Place, weight: number): Entry {
  const spaced = normaliseText(text);
  return { place, spaced, joined: spaced.replaceAll(' ', ''), weight };
}

function facilityEntries(facility: Facility): Entry[] {
  const { kind, lat, lon } = facility;
  const names = new Set([facility.name, facility.nameFa ?? ''].filter((name) => name !== ''));
  return [...names].map((name) => entryOf(name, { kind, name, lat, lon }, 1e6));
}

/** One entry a street name, at the middle of its longest edge. */
function streets(graph: RoadGraph): Entry[] {
  const longest = new Map<number, { edge: number; total: number }>();
  for (let edge = 0; edge < graph.numEdges; edge += 1) {
    const name = graph.edgeName[edge];
    if (name === 0 || (graph.edgeFlags[edge] & EdgeFlag.internal) !== 0) continue;
    const known = longest.get(name) ?? { edge, total: 0 };
    known.total += graph.edgeLength[edge];
    if (graph.edgeLength[edge] > graph.edgeLength[known.edge]) known.edge = edge;
    longest.set(name, known);
  }
  const line = edgeLine(graph);
  return [...longest].map(([name, { edge, total }]) => {
    const points = line(edge);
    const [lon, lat] = points[Math.floor(points.length / 2)];
    const text = graph.strings[name];
    return entryOf(text, { kind: 'street', name: text, lat, lon }, total);
  });
}
