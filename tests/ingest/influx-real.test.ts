import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InfluxWriter, type InfluxWriterOptions } from '../../ingest/index.ts';
import { findTool } from '../fixtures/tools.ts';
import { noon } from './fleet.ts';
import { realInflux } from './influx-server.ts';

const influxd = findTool('influxd');
const compiled = new URL('../../dist/ingest/index.js', import.meta.url).href;

/** Child process: writes batch after batch and says on stdout which are on disk, until it is killed. */
const childProgram = `
const { InfluxWriter } = await import(process.argv[1]);
const [, , url, directory, from] = process.argv;
const writer = await InfluxWriter.open({ url, v1Database: 'city', spool: { directory }, retryFirstMs: 10, retryLongestMs: 50, now: Date.now, random: Math.random });
for (let n = Number(from); ; n += 1) {
  await writer.write([{ minuteMs: ${noon} + n * 60000, edge: n % 10, meanSpeed: n / 8, samples: n, vehicles: 5, freeFlow: 10, jamFactor: 1 }]);
  process.stdout.write(n + '\\n');
}
`;

describe.skipIf(influxd === undefined)(
  `a real InfluxDB 1.x${influxd === undefined ? ' [not run: influxd is missing]' : ''}`,
  () => {
    let server: Awaited<ReturnType<typeof realInflux>>;
    let directory: string;
    beforeAll(async () => {
      server = await realInflux(influxd ?? '');
      directory = await mkdtemp(join(tmpdir(), 'rahban-spool-'));
    });
    afterAll(async () => {
      await server.remove();
      await rm(directory, { recursive: true, force: true });
    });

    const open = (name: string, more: Partial<InfluxWriterOptions> = {}): Promise<InfluxWriter> =>
      InfluxWriter.open({
        url: server.url,
        v1Database: name,
        spool: { directory: join(directory, name) },
        retryFirstMs: 20,
        retryLongestMs: 100,
        now: Date.now,
        random: () => 0,
        ...more,
      });

    test('the missing database is made, and every point reads back with its exact values, tag and time', async () => {
      const writer = await open('fresh "base"');
      const rows = Array.from({ length: 3_000 }, (_, i) => ({
        minuteMs: noon + Math.floor(i / 100) * 60_000,
        edge: i % 100,
        meanSpeed: 1 / (i + 1),
        samples: i,
        vehicles: 5 + (i % 7),
        freeFlow: 13.888_888_888_888_889,
        jamFactor: (i % 99) / 10,
      }));
      await writer.write(rows);
      expect(await writer.flush(15_000)).toBe(true);
      const series = await server.query(
        'fresh "base"',
        'SELECT mean_speed, samples, vehicles, free_flow, jam_factor FROM congestion GROUP BY edge',
      );
      const found = series.flatMap((one) =>
        one.values.map(([minuteMs, meanSpeed, samples, vehicles, freeFlow, jamFactor]) => ({
          minuteMs,
          edge: Number(one.tags?.edge),
          meanSpeed,
          samples,
          vehicles,
          freeFlow,
          jamFactor,
        })),
      );
      expect(found.length).toBe(3_000);
      const order = (a: { edge: number; minuteMs: unknown }): number =>
        a.edge * 1e6 + (Number(a.minuteMs) - noon) / 60_000;
      expect(found.sort((a, b) => order(a) - order(b))).toEqual([...rows].sort((a, b) => order(a) - order(b)));
      await writer.stop();
    });

    test('hostile names in tags and strings cost nobody a point and read back as written', async () => {
      const writer = await open('hostile');
      const names = [
        'plain',
        'ends in \\',
        'a\\,b',
        'comma, equals= space',
        'new\nline',
        '"quoted"',
        'خیابان ولیعصر',
        '\\',
        'tab\there',
        '# comment',
      ];
      await writer.writePoints(
        names.map((name, i) => ({
          measurement: 'street',
          tags: { name },
          fields: { i, text: name },
          timestampMs: noon,
        })),
      );
      expect(await writer.flush(10_000)).toBe(true);
      expect(writer.counters()).toMatchObject({ poisonLines: 0, writtenLines: names.length });
      const read = await server.query('hostile', 'SELECT i, text FROM street GROUP BY "name"');
      const byNumber = new Map(read.map((one) => [one.values[0]?.[1], [one.tags?.name, one.values[0]?.[2]]]));
      const expected = [
        'plain',
        'ends in /',
        'a/,b',
        'comma, equals= space',
        'new line',
        '"quoted"',
        'خیابان ولیعصر',
        '/',
        'tab here',
        '# comment',
      ];
      expect(names.map((_, i) => byNumber.get(i))).toEqual(
        names.map((name, i) => [expected[i], name.replace(/[\n\t]/g, ' ')]),
      );
      await writer.stop();
    });

    test('a line the server refuses (a field of another type) is found and dropped alone', async () => {
      const writer = await open('typed', { batchLines: 100 });
      await writer.writePoints([{ measurement: 'm', fields: { value: 1 }, timestampMs: noon }]);
      expect(await writer.flush(10_000)).toBe(true);
      await writer.writePoints(
        Array.from({ length: 100 }, (_, i) => ({
          measurement: 'm',
          fields: { value: i === 37 ? 'text' : i },
          timestampMs: noon + i + 1,
        })),
      );
      expect(await writer.flush(10_000)).toBe(true);
      expect(writer.counters()).toMatchObject({ poisonLines: 1, writtenLines: 100 });
      const [series] = await server.query('typed', 'SELECT value FROM m');
      expect(series?.values.length).toBe(100);
      await writer.stop();
    });

    test('ten kill -9 of the writer: every row it said was on disk is in InfluxDB in the end, with its values', async () => {
      const spool = join(directory, 'killed');
      const acknowledged = new Set<number>();
      let next = 0;
      for (let round = 0; round < 10; round += 1) {
        const child = spawn(
          process.execPath,
          ['--input-type=module', '-e', childProgram, compiled, server.url, spool, String(next)],
          {
            stdio: ['ignore', 'pipe', 'inherit'],
          },
        );
        const enough = 20 + ((round * 37) % 60);
        let seen = 0;
        for await (const line of createInterface({ input: child.stdout })) {
          acknowledged.add(Number(line));
          next = Math.max(next, Number(line) + 1);
          seen += 1;
          if (seen === enough) child.kill('SIGKILL');
        }
      }
      const writer = await open('city', { spool: { directory: spool } });
      expect(await writer.flush(15_000)).toBe(true);
      await writer.stop();
      const series = await server.query('city', 'SELECT mean_speed, samples FROM congestion');
      const stored = new Map(series[0]?.values.map(([time, speed, samples]) => [samples, [time, speed]]));
      expect(acknowledged.size).toBeGreaterThan(400);
      expect(
        [...acknowledged].filter((n) => stored.get(n)?.[0] !== noon + n * 60_000 || stored.get(n)?.[1] !== n / 8),
      ).toEqual([]);
    }, 60_000);

    test('kill -9 of the server in the middle of writing, three times: no row is missing after it is back', async () => {
      const writer = await open('outage', { timeoutMs: 2_000 });
      let edge = 0;
      for (let round = 0; round < 3; round += 1) {
        for (let batch = 0; batch < 20; batch += 1) {
          await writer.write(
            Array.from({ length: 50 }, () => ({
              minuteMs: noon,
              edge: edge++,
              meanSpeed: 5,
              samples: 1,
              vehicles: 5,
              freeFlow: 10,
              jamFactor: 5,
            })),
          );
          if (batch === 10) await server.kill();
        }
        await server.start();
      }
      expect(await writer.flush(20_000)).toBe(true);
      const series = await server.query('outage', 'SELECT mean_speed FROM congestion GROUP BY edge');
      expect(new Set(series.map((one) => Number(one.tags?.edge))).size).toBe(3_000);
      expect(writer.counters()).toMatchObject({ poisonLines: 0, droppedLines: 0 });
      await writer.stop();
    }, 60_000);
  },
);
