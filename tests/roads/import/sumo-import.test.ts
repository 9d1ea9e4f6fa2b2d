import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { decodeGraph, edgesBySource, encodeGraph, planeOf, type RoadGraph } from '../../../roads/graph/index.ts';
import { importSumoNet } from '../../../roads/import/index.ts';
import { describeWithSharedData, sharedData } from '../../fixtures/shared-data.ts';
import { distanceToEdge } from './distance-to-edge.ts';

const WORLDS = ['W1', 'W2', 'W3', 'W4', 'W5'];
const netOf = (path: string): string => gunzipSync(readFileSync(sharedData(path))).toString('utf8');

/** Normal edges only lead to movements and movements to exactly one normal edge. */
function checkAlternation(graph: RoadGraph): void {
  for (let e = 0; e < graph.numEdges; e++) {
    const internal = graph.edgeFlags[e] & 1;
    if (internal) expect(graph.turnStart[e + 1] - graph.turnStart[e]).toBe(1);
    for (let k = graph.turnStart[e]; k < graph.turnStart[e + 1]; k++)
      expect(graph.edgeFlags[graph.turnTo[k]] & 1).toBe(1 - internal);
  }
}

describeWithSharedData(
  'SUMO import',
  WORLDS.map((world) => `worlds/${world}/net.net.xml.gz`),
  () => {
    it.each(WORLDS)('%s: vehicles recorded on a lane lie on the carriageway of that lane', (world) => {
      const { graph } = importSumoNet(netOf(`worlds/${world}/net.net.xml.gz`), 'hash');
      const edges = edgesBySource(graph);
      const plane = planeOf(graph);
      const rows = gunzipSync(readFileSync(sharedData(`worlds/${world}/N1/tracks_1hz.csv.gz`)))
        .toString('utf8')
        .split('\n');
      let checked = 0;
      for (let i = 1; i < rows.length - 1; i += 37) {
        const [, , lon, lat, speed, , , lane] = rows[i].split(',');
        if (Number(speed) < 2) continue; // parked at the kerb beside the lane, or leaving it
        const edge = edges.get(lane.slice(0, lane.lastIndexOf('_')));
        expect(edge, lane).toBeDefined();
        if (edge === undefined || lane.startsWith(':')) continue;
        const distance = distanceToEdge(graph, edge, plane.x(Number(lon)), plane.y(Number(lat)));
        // Middle of the outermost lane, plus the sidewise movement of a lane change under way.
        expect(distance, rows[i]).toBeLessThan(graph.edgeWidth[edge] / 2 - 1.6 + 3.4);
        if (graph.edgeLanes[edge] === 1 && world !== 'W4') expect(distance, rows[i]).toBeLessThan(0.5);
        checked++;
      }
      expect(checked).toBeGreaterThan(1000);
    });

    it.each(WORLDS)('%s: paths alternate edges and movements, and the file form gives the same graph', (world) => {
      const { graph } = importSumoNet(netOf(`worlds/${world}/net.net.xml.gz`), 'hash');
      checkAlternation(graph);
      const again = decodeGraph(encodeGraph(graph).slice(), true);
      expect(again.buffer).toBeInstanceOf(SharedArrayBuffer);
      expect(again.strings).toEqual(graph.strings);
      expect(again.shapeX).toEqual(graph.shapeX);
      expect(again.conflictRule).toEqual(graph.conflictRule);
    });
  },
);
