import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachDatabase, createCongestionStore } from '../../database/index.ts';
import { quietLog } from '../database/quiet-log.ts';
import { newDataDir, type RunningPlatform, removeDataDir, runPlatform } from '../fixtures/platform.ts';
import { findTool } from '../fixtures/tools.ts';
import { realInflux } from '../ingest/influx-server.ts';
import { connect, credential, pointAt, streetName, telemetry } from './larvotto.ts';

/** The platform's clock runs this much faster than the wall's: a minute closes after 6 s. */
const rate = 10;
const vehicles = 8;
const influxd = findTool('influxd');

interface Segment {
  readonly segmentId: number;
  readonly street?: string;
  readonly currentSpeed: number | null;
  readonly freeFlowSpeed: number;
  readonly jamFactor: number | null;
}
interface Route {
  readonly duration: number;
  readonly geometry: { readonly coordinates: readonly (readonly [number, number])[] };
  readonly traffic: { readonly delay: number; readonly coverage: number; readonly minutesSlowerThanUsual: number };
}

/** How near a route comes to the point so many metres along the street, m. */
function distanceTo({ geometry }: Route, metres: number): number {
  const { lat, lon } = pointAt(metres);
  const plane = geometry.coordinates.map(([x, y]) => [(x - lon) * 80_300, (y - lat) * 111_130] as const);
  return Math.min(
    ...plane.slice(1).map(([x, y], i) => {
      const [fromX, fromY] = plane[i] as readonly [number, number];
      const [dx, dy] = [x - fromX, y - fromY];
      const share = Math.min(1, Math.max(0, -(fromX * dx + fromY * dy) / (dx * dx + dy * dy || 1)));
      return Math.hypot(fromX + share * dx, fromY + share * dy);
    }),
  );
}

describe('congestion, from crawling vehicles to the route around it', { timeout: 90_000 }, () => {
  const dataDir = newDataDir();
  const originMs = Date.now();
  const platformNow = (): number => originMs + (Date.now() - originMs) * rate;
  let platform: RunningPlatform;
  let influx: Awaited<ReturnType<typeof realInflux>> | undefined;
  let traffic: NodeJS.Timeout | undefined;
  let gateway: MqttClient | undefined;
  let freeAlong: Route;
  let freeAcross: Route;

  const get = async (path: string): Promise<unknown> => (await fetch(`${platform.addresses.http}${path}`)).json();
  const jammed = async (): Promise<readonly Segment[]> => {
    const { items } = (await get('api/v1/traffic/segments?limit=5000')) as { items: Segment[] };
    return items.filter(({ jamFactor }) => jamFactor !== null && jamFactor >= 5);
  };
  const route = async (from: string, to: string): Promise<Route> => {
    const { routes } = (await get(`api/v1/route?from=${from}&to=${to}`)) as { routes: Route[] };
    return routes[0] as Route;
  };
  const [west, east] = [pointAt(0), pointAt(300)].map(({ lat, lon }) => `${lon.toFixed(6)},${lat.toFixed(6)}`);
  /** Nobody can go around who begins and ends in the street itself. */
  const along = (): Promise<Route> => route(west as string, east as string);
  /** From the harbour's side to the country's eastern end: the street is the shortest way, not the only one. */
  const across = (): Promise<Route> => route('7.429,43.743', '7.4375,43.7505');

  beforeAll(async () => {
    if (influxd !== undefined) influx = await realInflux(influxd);
    platform = await runPlatform(dataDir, {
      RAHBAN_CLOCK_RATE: String(rate),
      RAHBAN_CLOCK_ORIGIN_MS: String(originMs),
      ...(influx === undefined ? {} : { INFLUX_URL: influx.url, INFLUX_V1_DATABASE: 'rahban' }),
    });
    const secret = credential(dataDir, 'fleet', '--kind', 'gateway', '--prefix', 'jam-');
    freeAlong = await along();
    freeAcross = await across();
    gateway = await connect(platform, 'fleet', secret);
    const client = gateway;
    const begun = platformNow();
    // Eight vehicles, 6 m from each other, at a slow walking pace.
    traffic = setInterval(() => {
      const ts = platformNow();
      for (let i = 0; i < vehicles; i++)
        client.publish(
          `rahban/v1/telemetry/jam-${i}`,
          telemetry(60 + 6 * i + 0.8 * ((ts - begun) / 1000), 0.8, { ts: Math.round(ts) }),
        );
    }, 500 / rate);
  }, 90_000);
  afterAll(async () => {
    clearInterval(traffic);
    gateway?.end(true);
    await platform.stop();
    await influx?.remove();
    removeDataDir(dataDir);
  });

  it('shows the street as jammed when the minute has closed', async () => {
    await expect.poll(jammed, { timeout: 30_000, interval: 500 }).not.toEqual([]);
    const [segment] = await jammed();
    expect(segment?.street).toBe(streetName);
    expect(segment?.currentSpeed).toBeLessThan(8);
    expect(segment?.freeFlowSpeed).toBeGreaterThan(20);
    const city = (await get('api/v1/traffic/city')) as { worst: { segmentId: number }[] };
    expect(city.worst.map(({ segmentId }) => segmentId)).toContain(segment?.segmentId);
  });

  it('says what it costs who must go through', async () => {
    await expect
      .poll(async () => (await along()).duration, { timeout: 30_000, interval: 500 })
      .toBeGreaterThan(freeAlong.duration * 2);
    const { duration, traffic: now } = await along();
    expect(freeAlong.traffic).toMatchObject({ delay: 0, coverage: 0 });
    expect(now.coverage).toBeGreaterThan(0.3);
    expect(now.delay).toBeCloseTo(duration - freeAlong.duration, -1);
    expect(now.minutesSlowerThanUsual).toBeGreaterThan(0.3);
  });

  it('leads who can around it', async () => {
    expect(distanceTo(freeAcross, 150), 'without congestion the way leads through the street').toBeLessThan(15);
    const around = await across();
    expect(distanceTo(around, 150)).toBeGreaterThan(40);
    expect(around.duration).toBeLessThan(freeAcross.duration + 120);
  });

  it('keeps the minutes in PostgreSQL', async () => {
    const [segment] = await jammed();
    const database = await attachDatabase({ dataDir, log: quietLog(), clock: Date.now });
    try {
      const history = await createCongestionStore(database, { retentionDays: 90 });
      const rows = await history.history(segment?.segmentId ?? -1, originMs - 60_000, platformNow() + 60_000);
      expect(rows.length).toBeGreaterThanOrEqual(1);
      expect(rows[0]?.vehicles).toBeGreaterThanOrEqual(5);
      expect(rows[0]?.meanSpeed).toBeGreaterThan(0.4);
      expect(rows[0]?.meanSpeed).toBeLessThan(2.5);
    } finally {
      await database.stop();
    }
  });

  const inInflux = influxd === undefined ? it.skip : it;
  inInflux(`and in InfluxDB 1.x${influxd === undefined ? ' [not run: influxd is not installed]' : ''}`, async () => {
    const [segment] = await jammed();
    const rows = async (): Promise<unknown[][]> => {
      const series = await influx?.query('rahban', `SELECT * FROM congestion WHERE edge = '${segment?.segmentId}'`);
      return series?.[0]?.values ?? [];
    };
    await expect.poll(async () => (await rows()).length, { timeout: 15_000 }).toBeGreaterThanOrEqual(1);
  });
});
