import {
  allocateNearEdges,
  ConflictRule,
  directionAt,
  EdgeFlag,
  pointAt,
  type RoadGraph,
  SpatialIndex,
} from '../../roads/graph/index.ts';

/** Paths that come closer than this cannot be driven at once, m: along each other, and across each other. */
const besideEachOther = 2.4;
const acrossEachOther = 3.2;
/** Directions whose cosine is beyond this (or its opposite) lie along each other. */
const alongCosine = 0.9;
const spacing = 1;
/** How far into the exit a movement's path is taken, m: the body is still turning there. */
const intoExit = 4;
/** Nearest a body stands to its line, the part of it that must be out of the paths of others, and the farthest line, m. */
const nearestLine = 2.5;
const bodyInFront = 5;
const farthestLine = 30;
/** A waiting body is in the way of a path that passes nearer than this to its lane's middle, m. */
const inTheWay = 2;

/** Where vehicles can meet at junctions, and where they can wait without being in the way. Arrays by edge. */
export interface MovementConflicts {
  /** Movements that cannot be driven at the same time; empty for normal edges. */
  readonly foes: readonly Int32Array[];
  /** Parallel to `foes`: 1 where this movement gives way. */
  readonly yields: readonly Uint8Array[];
  /** Of a normal edge: metres before its end at which vehicles wait; Infinity where they cannot wait at all. */
  readonly setback: Float32Array;
  /** Metres beyond the end of an edge that the rear must have passed until the edge is free for others. */
  readonly clearance: Float32Array;
}

/**
 * The graph's own conflicts, and all pairs of movements whose paths pass within a vehicle's width of each other, also those of
 * neighbouring junctions. Movements of one approach follow each other and are no conflict, nor are those that lead into each other.
 */
export function findConflicts(graph: RoadGraph): MovementConflicts {
  const { numEdges, edgeFlags, edgeLength, conflictStart, conflictWith, conflictRule } = graph;
  const { turnStart, turnTo, comeStart, comeFrom } = graph;
  const found: Map<number, number>[] = Array.from({ length: numEdges }, () => new Map());
  const survey = new Survey(graph);
  const movements: number[] = [];
  for (let e = 0; e < numEdges; e++) {
    if ((edgeFlags[e] & EdgeFlag.internal) === 0) continue;
    movements.push(e);
    for (let c = conflictStart[e]; c < conflictStart[e + 1]; c++)
      found[e].set(conflictWith[c], conflictRule[c] === ConflictRule.mustYield ? 1 : 0);
  }
  const setback = waitingPlaces(graph, movements, survey);
  const clearance = new Float32Array(numEdges);
  const tail = (edge: number): number => Math.min(edgeLength[edge], setback[edge]);
  const head = (edge: number): number =>
    setback[edge] === Infinity ? edgeLength[edge] : Math.min(intoExit, edgeLength[edge]);
  const meet = (a: number, b: number): void => {
    if (found[a].has(b) || isSequence(graph, a, b)) return;
    found[a].set(b, 0);
    found[b].set(a, 0);
  };
  /** Whoever comes near the edge `other` at `s` while driving `movement` meets the movements whose paths lead over that place. */
  const meetAt = (movement: number, other: number, s: number): void => {
    if ((edgeFlags[other] & EdgeFlag.internal) !== 0) meet(movement, other);
    else if (setback[other] > nearestLine && edgeLength[other] - s < tail(other))
      for (let k = turnStart[other]; k < turnStart[other + 1]; k++) meet(movement, turnTo[k]);
    else if (s < head(other)) for (let k = comeStart[other]; k < comeStart[other + 1]; k++) meet(movement, comeFrom[k]);
  };
  for (const movement of movements) {
    const visit = (other: number, s: number): void => meetAt(movement, other, s);
    const approach = comeFrom[comeStart[movement]];
    const exit = turnTo[turnStart[movement]];
    // The path begins where one waits for it, and ends where the body has turned and others may wait.
    if (approach !== undefined && setback[approach] > nearestLine)
      survey.along(approach, edgeLength[approach] - tail(approach), edgeLength[approach], visit);
    survey.along(movement, 0, edgeLength[movement], visit);
    if (exit === undefined) continue;
    survey.along(exit, 0, head(exit), visit);
    clearance[movement] = Math.max(intoExit, head(exit));
  }
  return {
    foes: found.map((map) => Int32Array.from(map.keys())),
    yields: found.map((map) => Uint8Array.from(map.values())),
    setback,
    clearance,
  };
}

/** For each normal edge the least distance from its end at which a waiting body is out of all paths but its own. */
function waitingPlaces(graph: RoadGraph, movements: readonly number[], survey: Survey): Float32Array {
  const { numEdges, edgeLength, turnStart, turnTo, comeStart, comeFrom } = graph;
  const blocked: number[][] = Array.from({ length: numEdges }, () => []);
  for (const movement of movements) {
    const from = comeFrom[comeStart[movement]];
    const to = turnTo[turnStart[movement]];
    const visit = (edge: number, s: number): void => {
      if (edge !== from && edge !== to && edgeLength[edge] - s < farthestLine) blocked[edge].push(edgeLength[edge] - s);
    };
    survey.beside(movement, 0, edgeLength[movement], visit);
    if (from !== undefined) survey.beside(from, Math.max(0, edgeLength[from] - farthestLine), edgeLength[from], visit);
    if (to !== undefined) survey.beside(to, 0, Math.min(edgeLength[to], intoExit), visit);
  }
  return Float32Array.from(blocked, (places, edge) => {
    let line = nearestLine;
    for (const place of places.sort((a, b) => a - b))
      if (place < line + bodyInFront) line = Math.max(line, place + inTheWay);
    return line > nearestLine && (line > farthestLine - bodyInFront || line + bodyInFront > edgeLength[edge])
      ? Infinity
      : line;
  });
}

/** Of one approach, one behind the other, or not on one level: no conflict. */
function isSequence(graph: RoadGraph, a: number, b: number): boolean {
  const { comeStart, comeFrom, turnStart, turnTo, edgeLevel } = graph;
  if (a === b || edgeLevel[a] !== edgeLevel[b]) return true;
  const fromA = comeFrom[comeStart[a]];
  const fromB = comeFrom[comeStart[b]];
  return fromA === fromB || turnTo[turnStart[a]] === fromB || turnTo[turnStart[b]] === fromA;
}

/** Looks about along lines of the map. */
class Survey {
  readonly #graph: RoadGraph;
  readonly #index: SpatialIndex;
  readonly #near = allocateNearEdges(64);
  readonly #p = new Float64Array(2);
  readonly #own = new Float64Array(2);
  readonly #other = new Float64Array(2);

  constructor(graph: RoadGraph) {
    this.#graph = graph;
    this.#index = new SpatialIndex(graph);
  }

  /** Edges of the same level that come too near to a stretch of an edge, and where. */
  along(edge: number, from: number, to: number, visit: (other: number, s: number) => void): void {
    this.#walk(edge, from, to, acrossEachOther, (other, s, distance) => {
      if (this.#graph.edgeLevel[other] !== this.#graph.edgeLevel[edge]) return;
      if (distance >= besideEachOther) {
        directionAt(this.#graph, other, s, this.#other);
        const cosine = this.#own[0] * this.#other[0] + this.#own[1] * this.#other[1];
        if (Math.abs(cosine) >= alongCosine) return;
      }
      visit(other, s);
    });
  }

  /** Normal edges of the same level so near to a stretch of an edge that a body on them is in its way, and where. */
  beside(edge: number, from: number, to: number, visit: (other: number, s: number) => void): void {
    this.#walk(edge, from, to, inTheWay, (other, s) => {
      const { edgeFlags, edgeLevel } = this.#graph;
      if ((edgeFlags[other] & EdgeFlag.internal) === 0 && edgeLevel[other] === edgeLevel[edge]) visit(other, s);
    });
  }

  #walk(
    edge: number,
    from: number,
    to: number,
    radius: number,
    visit: (edge: number, s: number, distance: number) => void,
  ): void {
    const steps = Math.max(1, Math.ceil((to - from) / spacing));
    for (let i = 0; i <= steps; i++) {
      const s = from + (i / steps) * (to - from);
      pointAt(this.#graph, edge, s, this.#p);
      directionAt(this.#graph, edge, s, this.#own);
      const near = this.#near;
      this.#index.nearEdges(this.#p[0], this.#p[1], radius, near);
      for (let k = 0; k < near.count; k++) if (near.edge[k] !== edge) visit(near.edge[k], near.s[k], near.distance[k]);
    }
  }
}
