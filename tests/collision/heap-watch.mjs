// Child of heap.test.ts: a thousand vehicles on streets side by side, nobody in danger; prints by how many bytes per message the heap grew, before and
// after a collection.
import { createEngine } from '../../dist/collision/index.js';
import { GraphBuilder, JunctionKind, Plane, RoadClass, TurnKind } from '../../dist/roads/graph/index.js';

const origin = { mapHash: 'a'.repeat(64), originLat: 35.7, originLon: 51.4 };
const plane = new Plane(origin.originLat, origin.originLon);
const streets = 40;
const perStreet = 25;
const block = 200;
const blocks = 10;
const hz = Number(process.argv[2]);

const builder = new GraphBuilder(origin);
for (let street = 0; street < streets; street++) {
  const y = street * 100;
  const nodes = Array.from({ length: blocks + 1 }, (_, i) => builder.addNode(i * block, y, JunctionKind.plain));
  let before = -1;
  for (let i = 0; i < blocks; i++) {
    const common = { limit: 20, roadClass: RoadClass.primary, lanes: 2, width: 7 };
    const x = i * block;
    const edge = builder.addEdge({ from: nodes[i], to: nodes[i + 1], shape: [x, y, x + block - 20, y], ...common });
    if (before >= 0)
      builder.addMovement(before, edge, {
        from: nodes[i],
        to: nodes[i],
        shape: [x - 20, y, x, y],
        turn: TurnKind.straight,
        ...common,
      });
    before = edge;
  }
}
const vehicles = streets * perStreet;
const engine = createEngine(builder.finish(), { capacity: vehicles });
const step = 10 / hz;
let events = 0;
let messages = 0;

function run(fromTick, toTick) {
  for (let tick = fromTick; tick < toTick; tick++) {
    const nowMs = 1_800_000_000_000 + tick * 100;
    for (let i = tick % step; i < vehicles; i += step) {
      const x = 20 + (i % perStreet) * 40 + tick * 1.2;
      const y = Math.floor(i / perStreet) * 100;
      engine.update(i, 1, nowMs, plane.lat(y), plane.lon(x), 12, 90, NaN, NaN, NaN, 4.5, 1.8, 5, 0);
      messages++;
    }
    engine.tick(nowMs + 5);
    events += engine.drainAlerts().length;
  }
}

run(0, 400);
globalThis.gc();
// A collection throws compiled code away as well; it is made again at once.
run(400, 500);
globalThis.gc();
messages = 0;
const before = process.memoryUsage().heapUsed;
run(500, 800);
const passing = process.memoryUsage().heapUsed - before;
globalThis.gc();
const lasting = process.memoryUsage().heapUsed - before;
const { unmatched } = engine.counters();
const perMessage = { passing: passing / messages, lasting: lasting / messages };
process.stdout.write(JSON.stringify({ perMessage, messages, events, unmatched }));
