import {
  ConflictRule,
  GraphBuilder,
  JunctionKind,
  Plane,
  RoadClass,
  type RoadGraph,
  TurnControl,
  TurnKind,
} from '../../roads/graph/index.ts';

const origin = { mapHash: 'e'.repeat(64), originLat: 48.1, originLon: 11.5 };
export const ncapPlane = new Plane(origin.originLat, origin.originLon);
const half = 1.75;
const limit = 22.3;

/** A two-way road along x from -700 m to 1,700 m, `lanes` to each side of y = 0; `flags`: bits of `EdgeFlag`. */
export function straightRoad(lanes: number, speedLimit = limit, flags = 0): RoadGraph {
  const builder = new GraphBuilder(origin);
  const west = builder.addNode(-700, 0, JunctionKind.deadEnd);
  const east = builder.addNode(1700, 0, JunctionKind.deadEnd);
  const common = { limit: speedLimit, roadClass: RoadClass.secondary, lanes, width: 3.5 * lanes, flags };
  const y = half * lanes;
  const there = builder.addEdge({ from: west, to: east, shape: [-700, -y, 1700, -y], ...common });
  const back = builder.addEdge({ from: east, to: west, shape: [1700, y, -700, y], ...common });
  builder.setReverse(there, back);
  return builder.finish();
}

/** Four arms of 250 m, one lane each way, kerb radius 8 m; the east-west road has priority. */
export function crossroads(): RoadGraph {
  const builder = new GraphBuilder(origin);
  const middle = builder.addNode(0, 0, JunctionKind.priority);
  const box = 11.5;
  const common = { limit: 16.7, roadClass: RoadClass.secondary, lanes: 1, width: 3.5 };
  // East, north, west, south; the inbound lane lies right of its direction.
  const arms = [0, 1, 2, 3].map((k) => {
    const ux = [1, 0, -1, 0][k];
    const uy = [0, 1, 0, -1][k];
    const end = builder.addNode(250 * ux, 250 * uy, JunctionKind.deadEnd);
    // Inbound direction (-ux, -uy): its right-hand side is (-uy, ux).
    const inbound = builder.addEdge({
      from: end,
      to: middle,
      shape: [250 * ux - half * uy, 250 * uy + half * ux, box * ux - half * uy, box * uy + half * ux],
      ...common,
    });
    const outbound = builder.addEdge({
      from: middle,
      to: end,
      shape: [box * ux + half * uy, box * uy - half * ux, 250 * ux + half * uy, 250 * uy - half * ux],
      ...common,
    });
    builder.setReverse(inbound, outbound);
    return { inbound, outbound, ux, uy };
  });
  const movements: { edge: number; from: number; to: number; kind: number }[] = [];
  for (let from = 0; from < 4; from += 1)
    for (let to = 0; to < 4; to += 1) {
      if (from === to) continue;
      const a = arms[from];
      const b = arms[to];
      const start = [box * a.ux - half * a.uy, box * a.uy + half * a.ux];
      const finish = [box * b.ux + half * b.uy, box * b.uy - half * b.ux];
      const straight = (to - from + 4) % 4 === 2;
      const kind = straight ? TurnKind.straight : (to - from + 4) % 4 === 3 ? TurnKind.left : TurnKind.right;
      const corner = straight ? [] : curve(start, finish, a, b);
      const edge = builder.addMovement(a.inbound, b.outbound, {
        from: middle,
        to: middle,
        shape: [...start, ...corner, ...finish],
        ...common,
        turn: kind,
        control: from % 2 === 0 ? TurnControl.priority : TurnControl.yield,
      });
      movements.push({ edge, from, to, kind });
    }
  for (const m of movements)
    for (const n of movements) {
      if (m.edge >= n.edge || m.from === n.from) continue;
      const major = (k: number): boolean => k % 2 === 0;
      const mYields = yields(m, n, major);
      const nYields = yields(n, m, major);
      const rule = (own: boolean, other: boolean): number =>
        own ? ConflictRule.mustYield : other ? ConflictRule.hasPriority : ConflictRule.equal;
      builder.addConflict(m.edge, n.edge, rule(mYields, nYields), rule(nYields, mYields));
    }
  return builder.finish();
}

type Movement = { from: number; to: number; kind: number };

function yields(own: Movement, other: Movement, major: (arm: number) => boolean): boolean {
  if (major(own.from) !== major(other.from)) return !major(own.from);
  return own.kind === TurnKind.left && other.kind !== TurnKind.left;
}

/** Quarter way: a Bézier with its middle points on the tangents. */
function curve(
  start: readonly number[],
  finish: readonly number[],
  a: { ux: number; uy: number },
  b: { ux: number; uy: number },
): number[] {
  const reach = 0.55 * Math.abs(finish[0] - start[0]);
  const p = [start[0] - a.ux * reach, start[1] - a.uy * reach];
  const q = [finish[0] - b.ux * reach, finish[1] - b.uy * reach];
  const out: number[] = [];
  for (let k = 1; k < 12; k += 1) {
    const t = k / 12;
    const u = 1 - t;
    for (let i = 0; i < 2; i += 1)
      out.push(u ** 3 * start[i] + 3 * u * u * t * p[i] + 3 * u * t * t * q[i] + t ** 3 * finish[i]);
  }
  return out;
}
