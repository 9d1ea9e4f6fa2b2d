import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EdgeFlag, type RoadGraph } from '../../../roads/graph/index.ts';
import { importOsmPbf } from '../../../roads/import/index.ts';
import {
  createRoutingService,
  type LonLat,
  type RouteAnswer,
  type RouteQuery,
  type RoutingService,
} from '../../../roads/routing/index.ts';
import { projectRoot } from '../../fixtures/project-root.ts';

const mapFile = join(projectRoot, 'maps/monaco_2016.osm.pbf');
const fontvieille: LonLat = [7.414, 43.731];
const larvotto: LonLat = [7.431, 43.746];
const silent = { info: () => {}, warn: () => {} };

const query = (from: LonLat, to: LonLat, language: 'fa' | 'en' = 'en'): RouteQuery => ({
  from,
  to,
  alternatives: 2,
  profile: 'car',
  language,
});

describe('routing on the demo city', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rahban-routing-'));
  const nowMs = 1_795_000_000_000;
  let graph: RoadGraph;
  let routing: RoutingService;
  const open = (): Promise<RoutingService> =>
    createRoutingService({ mapFile, graph, folder, nowMs: () => nowMs, usualSpeed: () => undefined, log: silent });
  beforeAll(async () => {
    graph = importOsmPbf(readFileSync(mapFile), 'a'.repeat(64)).graph;
    routing = await open();
  }, 120_000);
  afterAll(async () => {
    await routing.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function routeOf(service: RoutingService, wanted: RouteQuery): Promise<RouteAnswer> {
    const answer = await service.route(wanted);
    if (answer.code !== 'Ok') throw new Error(`${answer.code}: ${answer.message}`);
    return answer;
  }

  it('answers in the shape of OSRM, steps adding up to the whole', async () => {
    const { routes, waypoints } = await routeOf(routing, query(fontvieille, larvotto));
    const [best] = routes;
    const steps = best?.legs.flatMap((leg) => leg.steps) ?? [];
    expect(best?.distance).toBeGreaterThan(2000);
    expect(steps.reduce((sum, step) => sum + step.distance, 0)).toBeCloseTo(best?.distance ?? 0, 0);
    expect(steps.at(-1)?.maneuver.type).toBe('arrive');
    expect(waypoints.map(({ location }) => location.map((v) => v.toFixed(2)))).toEqual(
      [fontvieille, larvotto].map((p) => p.map((v) => v.toFixed(2))),
    );
    expect(best?.traffic).toMatchObject({ coverage: 0, dataAgeSeconds: null });
    expect(best?.traffic.delay).toBeLessThan(0.1);
    expect(best?.traffic.freeFlowDuration).toBeCloseTo(best?.duration ?? 0, 0);
  });

  it('speaks Persian with Persian digits', async () => {
    const { routes } = await routeOf(routing, query(fontvieille, larvotto, 'fa'));
    const texts = routes[0]?.legs.flatMap((leg) => leg.steps.map((step) => step.instruction)) ?? [];
    expect(texts.at(-1)).toBe('به مقصد رسیدید');
    for (const text of texts) expect(text).toMatch(/^[\u0600-\u06ff]/u);
    expect(texts.join(' ')).not.toMatch(/خروجی [0-9]/);
  });

  it('takes live speeds at the next call, and gives them back when they are withdrawn', async () => {
    const before = await routeOf(routing, query(fontvieille, larvotto));
    const jam = Array.from({ length: graph.numEdges }, (_, edge) => edge)
      .filter((edge) => ((graph.edgeFlags[edge] as number) & (EdgeFlag.internal | EdgeFlag.noMotor)) === 0)
      .map((edge) => ({ edge, speed: 2 }));
    routing.setLiveSpeeds(jam, nowMs);
    const jammed = await routeOf(routing, query(fontvieille, larvotto));
    expect(jammed.routes[0]?.duration).toBeGreaterThan(2 * (before.routes[0]?.duration ?? 0));
    expect(jammed.routes[0]?.traffic.coverage).toBeGreaterThan(0.9);
    expect(jammed.routes[0]?.traffic.minutesSlowerThanUsual).toBeGreaterThan(3);
    expect(jammed.routes[0]?.traffic.dataAgeSeconds).toBe(0);
    routing.setLiveSpeeds([], nowMs);
    const after = await routeOf(routing, query(fontvieille, larvotto));
    expect(after.routes[0]?.duration).toBeCloseTo(before.routes[0]?.duration ?? 0, 3);
  });

  it('goes around streets that stand still wherever there is a way around', async () => {
    const before = await routeOf(routing, query(fontvieille, larvotto));
    const metresOn = (answer: RouteAnswer, street: string): number =>
      (answer.routes[0]?.legs.flatMap((leg) => leg.steps) ?? [])
        .filter((step) => step.name === street)
        .reduce((sum, step) => sum + step.distance, 0);
    const streets = [...new Set(before.routes[0]?.legs.flatMap((leg) => leg.steps.map((step) => step.name)))];
    const avoided: string[] = [];
    for (const street of streets.filter((name) => metresOn(before, name) > 150)) {
      const standing = Array.from({ length: graph.numEdges }, (_, edge) => edge)
        .filter((edge) => graph.strings[graph.edgeName[edge] as number] === street)
        .map((edge) => ({ edge, speed: 0.5 }));
      routing.setLiveSpeeds(standing, nowMs);
      const around = await routeOf(routing, query(fontvieille, larvotto));
      if (metresOn(around, street) < metresOn(before, street) / 2) avoided.push(street);
    }
    routing.setLiveSpeeds([], nowMs);
    expect(avoided.length, `of ${streets.join(', ')}`).toBeGreaterThanOrEqual(2);
  });

  it('gives travel times between many places, each like the route of its own', async () => {
    const matrix = await routing.matrix([fontvieille], [larvotto, [7.42, 43.74]], 'car');
    if ('code' in matrix) throw new Error(matrix.message);
    const route = await routeOf(routing, query(fontvieille, larvotto));
    expect(matrix.durations).toHaveLength(1);
    expect(Math.abs((matrix.durations[0]?.[0] ?? 0) - (route.routes[0]?.duration ?? 0))).toBeLessThan(
      0.1 * (route.routes[0]?.duration ?? 0),
    );
  });

  it('names what is wrong with a question', async () => {
    expect(await routing.route(query([0, 0], [1, 1]))).toMatchObject({ code: 'NoSegment' });
    expect(await routing.route(query([Number.NaN, 43], larvotto))).toMatchObject({
      code: expect.stringMatching(/InvalidQuery|NoSegment/),
    });
  });

  it('opens what an earlier start has built', async () => {
    const again = await open();
    expect((await routeOf(again, query(fontvieille, larvotto))).routes.length).toBeGreaterThan(0);
    await again.stop();
  });

  it('says why it cannot route on a map of another kind, and goes on', async () => {
    const without = await createRoutingService({
      mapFile: 'town.net.xml.gz',
      graph,
      folder,
      nowMs: () => nowMs,
      usualSpeed: () => undefined,
      log: silent,
    });
    expect(without.available).toBe(false);
    expect(await without.route(query(fontvieille, larvotto))).toMatchObject({
      code: 'Unavailable',
      message: expect.stringContaining('OpenStreetMap'),
    });
  });
});
