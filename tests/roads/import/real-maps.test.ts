import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { EdgeFlag, edgesBySource, RoadClass, type RoadGraph } from '../../../roads/graph/index.ts';
import {
  buildMap,
  importOsmPbf,
  importSumoNet,
  loadGraph,
  MapFormatError,
  mapStats,
  parseSumoProjection,
  strongParts,
} from '../../../roads/import/index.ts';
import { describeWithSharedData, sharedData } from '../../fixtures/shared-data.ts';

const scratch = mkdtempSync(join(tmpdir(), 'rahban-map-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const demoMap = join(import.meta.dirname, '../../../maps/monaco_2016.osm.pbf');

/** Share of the normal edges of the largest connected part (directions ignored) that lie in its largest strong part. */
function strongShareOfMain(graph: RoadGraph): number {
  const part = Int32Array.from({ length: graph.numEdges }, (_, e) => e);
  const root = (e: number): number => {
    let at = e;
    while (part[at] !== at) at = part[at] = part[part[at]];
    return at;
  };
  for (let e = 0; e < graph.numEdges; e++)
    for (let k = graph.turnStart[e]; k < graph.turnStart[e + 1]; k++) part[root(e)] = root(graph.turnTo[k]);
  const strong = strongParts(graph);
  const sizes = new Map<number, number>();
  for (let e = 0; e < graph.numEdges; e++)
    if ((graph.edgeFlags[e] & EdgeFlag.internal) === 0) sizes.set(root(e), (sizes.get(root(e)) ?? 0) + 1);
  return strong.sizes[strong.largest] / Math.max(...sizes.values());
}

describe('the demo city', () => {
  const { graph, facilities, counts } = importOsmPbf(readFileSync(demoMap), 'hash');

  it('has 5 hospitals, 14 police and 3 fire stations', () => {
    const count = (kind: string) => facilities.filter((facility) => facility.kind === kind).length;
    expect([count('hospital'), count('police'), count('fire-station')]).toEqual([5, 14, 3]);
  });

  it('hangs together: what the border of the extract does not cut off is one strong part', () => {
    expect(strongShareOfMain(graph)).toBeGreaterThan(0.95);
    expect(mapStats(graph, counts).connectedShare).toBeGreaterThan(0.93);
  });

  it('has tunnels below and bridges above the ground, one-way and two-way roads, street names', () => {
    const levels = new Set(graph.edgeLevel);
    expect(Math.min(...levels)).toBeLessThan(0);
    expect(Math.max(...levels)).toBeGreaterThan(0);
    expect(graph.strings).toContain('Boulevard des Moulins');
    const oneWay = [...graph.edgeFlags].filter((flags) => (flags & EdgeFlag.oneWay) !== 0).length;
    expect(oneWay).toBeGreaterThan(500);
    expect([...graph.edgeReverse].filter((e) => e >= 0).length).toBeGreaterThan(2000);
  });

  it('is built once and found again, whole, in less than 300 ms; a damaged build is made anew', async () => {
    const steps: string[] = [];
    const first = await buildMap(demoMap, scratch, (step) => steps.push(step));
    expect(first.cached).toBe(false);
    expect(steps).toEqual(['read', 'import', 'write']);
    const started = performance.now();
    const second = await buildMap(demoMap, scratch);
    const loaded = await loadGraph(second.graphFile, true);
    expect(performance.now() - started).toBeLessThan(300);
    expect(second.cached).toBe(true);
    expect(second.facilities).toEqual(first.facilities);
    expect(second.stats).toEqual(first.stats);
    expect(loaded.mapHash).toBe(first.mapHash);
    truncateSync(first.graphFile, 1000);
    expect((await buildMap(demoMap, scratch)).cached).toBe(false);
    expect((await buildMap(demoMap, scratch)).cached).toBe(true);
  });

  it('cut off anywhere is refused as a broken map, never taken for a smaller one', () => {
    const bytes = readFileSync(demoMap);
    for (let length = 1; length < bytes.length; length = Math.ceil(length * 1.9))
      expect(() => importOsmPbf(bytes.subarray(0, length), 'h'), `${length} bytes`).toThrow(MapFormatError);
  });

  it('with damaged bytes is refused or read, but never fails in another way', () => {
    const bytes = readFileSync(demoMap);
    for (let at = 5; at < bytes.length; at = Math.ceil(at * 2.3)) {
      const broken = Uint8Array.from(bytes);
      broken[at] ^= 0xff;
      try {
        importOsmPbf(broken, 'h');
      } catch (error) {
        expect(error, `byte ${at}`).toBeInstanceOf(MapFormatError);
      }
    }
  });
});

it('a file that is no map is refused with its name', async () => {
  const path = join(scratch, 'letter.txt');
  writeFileSync(path, 'Dear Sir');
  await expect(buildMap(path, scratch)).rejects.toThrow(/letter\.txt: neither/);
  writeFileSync(path, '');
  await expect(buildMap(path, scratch)).rejects.toThrow(/empty/);
  writeFileSync(path, '<routes></routes>');
  await expect(buildMap(path, scratch)).rejects.toThrow(/<routes>/);
  writeFileSync(path, '<net><location netOffset="0,0" projParameter="+proj=merc"/><junction');
  await expect(buildMap(path, scratch)).rejects.toThrow(/cut off/);
});

describeWithSharedData(
  'other maps',
  [
    'maps/tehran/tehran_gisha_sadeghieh.osm.pbf',
    'traffic/bologna/bologna_acosta_roads.osm.pbf',
    'worlds/W5/source.osm.pbf',
    'maps/monaco_emergency_points.csv',
    'worlds/W3/net.osm.gz',
  ],
  () => {
    const osm = (path: string) => importOsmPbf(readFileSync(sharedData(path)), 'hash').graph;

    it('finds the emergency points that others counted in Monaco, at their places', () => {
      const { facilities } = importOsmPbf(readFileSync(demoMap), 'hash');
      const rows = readFileSync(sharedData('maps/monaco_emergency_points.csv'), 'utf8').trim().split('\n').slice(1);
      expect(facilities).toHaveLength(rows.length);
      for (const row of rows) {
        const [id, kind, name, lon, lat] = row.split(',');
        const found = facilities.find((facility) => facility.osmId === id);
        expect(found?.kind, id).toBe(kind.replace('_', '-'));
        expect(found?.name).toBe(name);
        expect(Math.abs((found?.lat ?? 0) - Number(lat))).toBeLessThan(3e-4);
        expect(Math.abs((found?.lon ?? 0) - Number(lon))).toBeLessThan(3e-4);
      }
    });

    it('takes Tehran, where every road is highway=road', () => {
      const graph = osm('maps/tehran/tehran_gisha_sadeghieh.osm.pbf');
      const stats = mapStats(graph, {});
      // 339 km of road, both directions, less what lies within the 2,060 junctions.
      expect(stats.lengthKm).toBeGreaterThan(2 * 339 * 0.88);
      expect(stats.lengthKm).toBeLessThan(2 * 339);
      expect(stats.connectedShare).toBeGreaterThan(0.98);
      expect(new Set(graph.edgeClass)).toEqual(new Set([RoadClass.unknown]));
    });

    it('takes Bologna and Heidelberg', () => {
      expect(osm('traffic/bologna/bologna_acosta_roads.osm.pbf').numEdges).toBeGreaterThan(400);
      const heidelberg = osm('worlds/W5/source.osm.pbf');
      expect(strongShareOfMain(heidelberg)).toBeGreaterThan(0.95);
    });

    it('puts the overpasses of W3 on another level than the motorway below, as its OSM form has it', () => {
      const { graph } = importSumoNet(gunzipSync(readFileSync(sharedData('worlds/W3/net.net.xml.gz'))).toString(), 'h');
      const text = gunzipSync(readFileSync(sharedData('worlds/W3/net.osm.gz'))).toString();
      const bridges = [...text.matchAll(/<way [\s\S]*?<\/way>/g)]
        .map(([way]) => way)
        .filter((way) => way.includes('k="bridge"'))
        .map((way) => /k="sumo:edge" v="([^"]+)"/.exec(way)?.[1] ?? '');
      expect(bridges.length).toBeGreaterThan(3);
      const edges = edgesBySource(graph);
      for (const id of bridges) expect(graph.edgeLevel[edges.get(id) ?? 0], id).toBeGreaterThan(0);
      const motorway = [...graph.edgeClass.keys()].filter((e) => graph.edgeClass[e] === RoadClass.motorway);
      const raised = motorway.filter((e) => graph.edgeLevel[e] !== 0 && (graph.edgeFlags[e] & EdgeFlag.link) === 0);
      expect(raised).toEqual([]);
    });

    it.each(['W1', 'W2', 'W3', 'W4', 'W5'])('%s: junctions lie where PROJ puts them, within 3 cm', (world) => {
      const unzip = (name: string) => gunzipSync(readFileSync(sharedData(`worlds/${world}/${name}`))).toString();
      const net = unzip('net.net.xml.gz');
      const [, netOffset, projParameter] = /<location netOffset="([^"]+)".*projParameter="([^"]+)"/.exec(net) ?? [];
      const projection = parseSumoProjection(netOffset, projParameter);
      const places = new Map(
        [...unzip('net.osm.gz').matchAll(/lat="([^"]+)" lon="([^"]+)"><tag k="sumo:junction" v="([^"]+)"/g)].map(
          ([, lat, lon, id]) => [id, [Number(lat), Number(lon)]] as const,
        ),
      );
      let checked = 0;
      for (const [, id, x, y] of net.matchAll(/<junction id="([^"]+)" [^>]*?x="([^"]+)" y="([^"]+)"/g)) {
        const place = places.get(id);
        if (place === undefined) continue;
        const [lat, lon] = projection.toLatLon(Number(x), Number(y));
        const metres = Math.hypot(
          (lat - place[0]) * 111_000,
          (lon - place[1]) * 111_000 * Math.cos((lat * Math.PI) / 180),
        );
        expect(metres, id).toBeLessThan(0.03);
        const [backX, backY] = projection.toNet(lat, lon);
        expect(Math.hypot(backX - Number(x), backY - Number(y))).toBeLessThan(1e-6);
        checked++;
      }
      expect(checked).toBeGreaterThan(20);
    });
  },
);
