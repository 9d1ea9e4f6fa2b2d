import {
  EdgeFlag,
  ON_EDGE_LATERAL,
  pointAt,
  projectOnEdge,
  type RoadGraph,
  TurnKind,
} from '../../roads/graph/index.ts';
import type { SpeedProfiles } from '../traffic/speed-profile.ts';
import { vehicleKinds } from '../traffic/vehicle-kinds.ts';
import { type ActorPath, actorPath, type Piece, pathPoint, pathSeconds, pathSpeed } from './actor-path.ts';
import { rowOf } from './path-row.ts';
import type { Party, ScenarioKind, Site } from './site.ts';
import { downstream, forwardPieces, kerbLane, metresOf, streets, upstream } from './stretch.ts';

/** A warning is wanted this far before the place, m; shorter approaches are taken where the map has no better ones. */
const wantedApproach = 1150;
const leastApproach = 250;
const mostSites = 12;
/** Seconds in the wrong lane before a head-on contact, and for the drift into it. */
const wrongLaneSeconds = 3.2;
const driftMetres = 30;
const { car } = vehicleKinds;

interface Draft {
  readonly score: number;
  readonly build: () => Site | undefined;
}

/** Places of the map for one scenario, the best first; empty where the map has none. */
export function findSites(graph: RoadGraph, profiles: SpeedProfiles, scenario: ScenarioKind): Site[] {
  const drafts = {
    'rear-end': rearEnds,
    crossing: crossings,
    'head-on': headOns,
    'wrong-way': wrongWays,
  }[scenario](graph, profiles);
  drafts.sort((a, b) => b.score - a.score);
  const sites: Site[] = [];
  for (const draft of drafts) {
    if (sites.length === mostSites) break;
    const site = draft.build();
    if (site !== undefined && !sites.some((other) => other.edges.includes(site.edge))) sites.push(site);
  }
  return sites;
}

/** Long approach first, then speed. */
const scoreOf = (approach: number, speed: number): number => Math.min(approach, wantedApproach) / 100 + speed;

function rearEnds(graph: RoadGraph, profiles: SpeedProfiles): Draft[] {
  return streets(graph).flatMap((edge) => {
    const length = graph.edgeLength[edge];
    if (length < 60 || graph.edgeLimit[edge] < 12) return [];
    const before = upstream(graph, edge, wantedApproach);
    const contact = Math.min(length - 25, Math.max(length / 2, wantedApproach));
    const approach = metresOf(graph, before) + contact;
    if (approach < leastApproach) return [];
    const path = lazy(() => actorPath(graph, profiles, forwardPieces(graph, [...before, edge]), 1));
    const speed = graph.edgeLimit[edge];
    return [
      {
        score: scoreOf(approach, speed),
        build: () => {
          const at = metresOf(graph, before) + contact;
          const row = rowOf(graph, [...before, edge]);
          if (pathSpeed(path(), at) < 10 || pathSeconds(path(), Math.max(0, at - 1100), at) > 110) return undefined;
          const follower: Party = {
            kind: car,
            path: path(),
            contactS: at - car.length,
            breaksDown: false,
            speedKept: 0.45,
            movements: row,
          };
          const standing: Party = {
            kind: car,
            path: path(),
            contactS: at,
            breaksDown: true,
            speedKept: 0.5,
            movements: row,
          };
          return site('rear-end', [...before, edge], edge, [follower, standing]);
        },
      },
    ];
  });
}

function crossings(graph: RoadGraph, profiles: SpeedProfiles): Draft[] {
  const { numEdges, edgeFlags, edgeTurn, conflictStart, conflictWith, comeFrom, comeStart, turnTo, turnStart } = graph;
  const drafts: Draft[] = [];
  for (let a = 0; a < numEdges; a++) {
    if ((edgeFlags[a] & EdgeFlag.internal) === 0 || edgeTurn[a] !== TurnKind.straight) continue;
    for (let c = conflictStart[a]; c < conflictStart[a + 1]; c++) {
      const b = conflictWith[c];
      if (b < a || edgeTurn[b] !== TurnKind.straight || turnTo[turnStart[a]] === turnTo[turnStart[b]]) continue;
      const waysIn = [a, b].map((m) => comeFrom[comeStart[m]]);
      const fit = waysIn.every((e) => (edgeFlags[e] & EdgeFlag.roundabout) === 0 && graph.edgeLimit[e] >= 8);
      const meeting = fit ? whereCross(graph, a, b) : undefined;
      if (meeting === undefined) continue;
      const befores = waysIn.map((e) => [...upstream(graph, e, 700), e]);
      const approach = Math.min(...befores.map((edges) => metresOf(graph, edges)));
      if (approach < 150) continue;
      drafts.push({
        score: scoreOf(approach, Math.min(...waysIn.map((e) => graph.edgeLimit[e]))),
        build: () => {
          const parties = [a, b].map((movement, i) => {
            const edges = [...befores[i], movement, turnTo[turnStart[movement]]];
            const path = actorPath(graph, profiles, forwardPieces(graph, edges), 1);
            const contactS = nearestOn(path, meeting.x, meeting.y);
            return {
              kind: car,
              path,
              contactS: contactS + (i === 0 ? 0.6 : car.length / 2),
              breaksDown: false,
              speedKept: 0.4,
              movements: rowOf(graph, edges),
            };
          });
          if (parties.some(({ path, contactS }) => pathSpeed(path, contactS) < 6)) return undefined;
          return site('crossing', [...befores[0], a, ...befores[1], b, turnTo[turnStart[a]], turnTo[turnStart[b]]], a, [
            parties[0],
            parties[1],
          ]);
        },
      });
    }
  }
  return drafts;
}

function headOns(graph: RoadGraph, profiles: SpeedProfiles): Draft[] {
  return streets(graph).flatMap((edge) => {
    const back = graph.edgeReverse[edge];
    const length = graph.edgeLength[edge];
    if (back < edge || graph.edgeLanes[edge] !== 1 || length < 220 || graph.edgeLimit[edge] < 12) return [];
    const before = upstream(graph, edge, 600);
    const beyond = upstream(graph, back, 600);
    const approach = Math.min(metresOf(graph, before), metresOf(graph, beyond)) + length / 2;
    return [
      {
        score: scoreOf(approach, graph.edgeLimit[edge]),
        build: () => {
          const own = actorPath(graph, profiles, forwardPieces(graph, [...before, edge]), 0.9);
          const contact = metresOf(graph, before) + length / 2;
          const speed = pathSpeed(own, contact);
          if (speed < 9) return undefined;
          // The other one leaves its lane so that it has been in the wrong one for some seconds at the contact.
          const meets = graph.edgeLength[back] * 0.5;
          const drift = Math.max(1, meets - speed * wrongLaneSeconds - driftMetres);
          const p = new Float64Array(2);
          pointAt(graph, back, meets, p);
          const beside = new Float64Array(3);
          projectOnEdge(graph, edge, p[0], p[1], beside);
          const left = -Math.abs(beside[ON_EDGE_LATERAL]);
          const pieces: Piece[] = [
            ...forwardPieces(graph, beyond),
            { edge: back, from: 0, to: drift, right: [0, 0] },
            { edge: back, from: drift, to: drift + driftMetres, right: [0, left] },
            { edge: back, from: drift + driftMetres, to: graph.edgeLength[back], right: [left, left] },
          ];
          const other = actorPath(graph, profiles, pieces, 0.9);
          const at = new Float64Array(2);
          pathPoint(own, contact, at);
          return site('head-on', [...before, edge, ...beyond, back], edge, [
            {
              kind: car,
              path: other,
              contactS: nearestOn(other, at[0], at[1]),
              breaksDown: false,
              speedKept: 0.1,
              movements: rowOf(graph, [...beyond, back]),
            },
            {
              kind: car,
              path: own,
              contactS: contact,
              breaksDown: false,
              speedKept: 0.1,
              movements: rowOf(graph, [...before, edge]),
            },
          ]);
        },
      },
    ];
  });
}

function wrongWays(graph: RoadGraph, profiles: SpeedProfiles): Draft[] {
  return streets(graph).flatMap((edge) => {
    const length = graph.edgeLength[edge];
    if ((graph.edgeFlags[edge] & EdgeFlag.oneWay) === 0 || length < 40 || graph.edgeLimit[edge] < 8) return [];
    const before = upstream(graph, edge, wantedApproach);
    const after = downstream(graph, edge, 700).filter((_, i, all) => {
      const firstTwoWay = all.findIndex((one) => (graph.edgeFlags[one] & (EdgeFlag.oneWay | EdgeFlag.internal)) === 0);
      return firstTwoWay < 0 || i < firstTwoWay;
    });
    const contact = length / 2;
    const approach = Math.min(metresOf(graph, before) + contact, 2 * (metresOf(graph, after) + length - contact));
    if (approach < leastApproach) return [];
    return [
      {
        score: scoreOf(approach, graph.edgeLimit[edge]),
        build: () => {
          const own = actorPath(graph, profiles, forwardPieces(graph, [...before, edge]), 0.95);
          const at = metresOf(graph, before) + contact;
          if (pathSpeed(own, at) < 8) return undefined;
          const lane = kerbLane(graph, edge);
          const against: Piece[] = [...after].reverse().map((e) => ({
            edge: e,
            from: graph.edgeLength[e],
            to: 0,
            right: [kerbLane(graph, e) || lane, kerbLane(graph, e) || lane],
          }));
          against.push({ edge, from: length, to: 0, right: [lane, lane] });
          const other = actorPath(graph, profiles, against, 0.7);
          const p = new Float64Array(2);
          pathPoint(own, at, p);
          return site('wrong-way', [...before, edge, ...after], edge, [
            {
              kind: car,
              path: other,
              contactS: nearestOn(other, p[0], p[1]),
              breaksDown: false,
              speedKept: 0.1,
              movements: [],
            },
            {
              kind: car,
              path: own,
              contactS: at,
              breaksDown: false,
              speedKept: 0.1,
              movements: rowOf(graph, [...before, edge]),
            },
          ]);
        },
      },
    ];
  });
}

function site(scenario: ScenarioKind, edges: readonly number[], edge: number, parties: readonly [Party, Party]): Site {
  const p = new Float64Array(2);
  pathPoint(parties[0].path, parties[0].contactS, p);
  return { scenario, x: p[0], y: p[1], edge, parties, edges: [...new Set(edges)] };
}

/** Way along a path to its point nearest to x, y. */
function nearestOn(path: ActorPath, x: number, y: number): number {
  const p = new Float64Array(2);
  let best = 0;
  let least = Infinity;
  for (let s = 0; s <= path.length; s += 0.5) {
    pathPoint(path, s, p);
    const d2 = (p[0] - x) ** 2 + (p[1] - y) ** 2;
    if (d2 < least) {
      least = d2;
      best = s;
    }
  }
  return best;
}

/** Where the centre lines of two movements come nearest; undefined when they do not meet under an angle worth the name. */
function whereCross(graph: RoadGraph, a: number, b: number): { x: number; y: number } | undefined {
  const p = new Float64Array(2);
  const q = new Float64Array(2);
  let least = 1.5 ** 2;
  let found: { x: number; y: number } | undefined;
  for (let s = 0; s <= graph.edgeLength[a]; s += 0.5) {
    pointAt(graph, a, s, p);
    for (let t = 0; t <= graph.edgeLength[b]; t += 0.5) {
      pointAt(graph, b, t, q);
      const d2 = (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2;
      if (d2 >= least) continue;
      least = d2;
      found = { x: p[0], y: p[1] };
    }
  }
  return found;
}

/** Computes once, when first asked. */
function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
