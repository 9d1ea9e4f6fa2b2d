import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { MapMatcher, planeOf, pointAt, SpatialIndex } from '../../../roads/graph/index.ts';
import { importOsmPbf } from '../../../roads/import/index.ts';
import { describeWithSharedData, sharedData } from '../../fixtures/shared-data.ts';
import { readRows } from './matched-traffic.ts';

/** Distance of a point from the nearest of several lines of x, y pairs, m. */
function distanceToLines(lines: readonly number[][], x: number, y: number): number {
  let best = Infinity;
  for (const line of lines)
    for (let i = 2; i < line.length; i += 2) {
      const dx = line[i] - line[i - 2];
      const dy = line[i + 1] - line[i - 1];
      const t = ((x - line[i - 2]) * dx + (y - line[i - 1]) * dy) / (dx * dx + dy * dy || 1);
      const c = Math.min(1, Math.max(0, t));
      best = Math.min(best, Math.hypot(line[i - 2] + c * dx - x, line[i - 1] + c * dy - y));
    }
  return best;
}

describeWithSharedData(
  'map matcher on real floating-car data of Hof',
  ['mapmatch_hof/points.csv.gz', 'mapmatch_hof/ground_truth.csv.gz', 'mapmatch_hof/hof_truth_roads.osm.pbf'],
  () => {
    it('lies on the hand-corrected route for 97 % of the fixes that are near it, without heading, speed or accuracy', () => {
      const { graph } = importOsmPbf(readFileSync(sharedData('mapmatch_hof/hof_truth_roads.osm.pbf')), 'hof');
      const plane = planeOf(graph);
      const routes = new Map<string, number[][]>();
      const text = gunzipSync(readFileSync(sharedData('mapmatch_hof/ground_truth.csv.gz'))).toString();
      for (const row of text.trim().split('\n').slice(1)) {
        const lines = [...row.matchAll(/\(([^()]+)\)/g)].map(([, points]) =>
          points.split(',').flatMap((point) => {
            const [lon, lat] = point.trim().split(' ').map(Number);
            return [plane.x(lon), plane.y(lat)];
          }),
        );
        routes.set(row.slice(0, row.indexOf(',')), lines);
      }
      const matcher = new MapMatcher(graph, new SpatialIndex(graph), { capacity: 1000 });
      const at = new Float64Array(2);
      let near = 0;
      let right = 0;
      for (const [track, time, lon, lat] of readRows('mapmatch_hof/points.csv.gz')) {
        const slot = Number(track);
        const x = plane.x(Number(lon));
        const y = plane.y(Number(lat));
        const edge = matcher.match(slot, Date.parse(time), x, y, Number.NaN, Number.NaN, Number.NaN);
        const route = routes.get(track) ?? [];
        if (distanceToLines(route, x, y) > 12) continue;
        near++;
        if (edge < 0) continue;
        pointAt(graph, edge, matcher.offset[slot], at);
        if (distanceToLines(route, at[0], at[1]) <= 12) right++;
      }
      expect(near).toBeGreaterThan(6000);
      expect(right / near).toBeGreaterThan(0.97);
    });
  },
);
