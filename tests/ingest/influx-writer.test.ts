import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { type CongestionRow, InfluxWriter, type InfluxWriterOptions } from '../../ingest/index.ts';
import { encodeLine } from '../../ingest/influx/line-protocol.ts';
import { fakeInflux, parseLine } from './fake-influx.ts';
import { noon } from './fleet.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const task of cleanUp.splice(0).reverse()) await task();
});

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'rahban-influx-'));
  cleanUp.push(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function server(options?: { maxBytes?: number }) {
  const fake = await fakeInflux(options);
  cleanUp.push(() => fake.close());
  return fake;
}

async function writerTo(url: string, directory: string, more: Partial<InfluxWriterOptions> = {}) {
  const troubles: string[] = [];
  const writer = await InfluxWriter.open({
    url,
    token: 'secret',
    org: 'city',
    bucket: 'traffic',
    spool: { directory },
    retryFirstMs: 10,
    retryLongestMs: 40,
    timeoutMs: 1_000,
    now: Date.now,
    random: () => 0,
    onTrouble: (detail) => troubles.push(detail),
    ...more,
  });
  cleanUp.push(() => writer.stop(0));
  return { writer, troubles };
}

const row = (edge: number, minuteMs = noon): CongestionRow => ({
  minuteMs,
  edge,
  meanSpeed: 7.25 + edge / 8,
  samples: 60,
  vehicles: 6,
  freeFlow: 13.5,
  jamFactor: 4.1,
});
const rows = (count: number, from = 0) => Array.from({ length: count }, (_, i) => row(from + i));

test('rows arrive point by point with their values and times', async () => {
  const fake = await server();
  const { writer } = await writerTo(fake.url, await folder(), { batchLines: 7 });
  await writer.write(rows(50));
  expect(await writer.flush(5_000)).toBe(true);
  expect(fake.store.size).toBe(50);
  expect(fake.store.get(`congestion,edge=8 ${noon}`)).toEqual({
    mean_speed: '8.25',
    samples: '60',
    vehicles: '6',
    free_flow: '13.5',
    jam_factor: '4.1',
  });
  expect(writer.counters()).toMatchObject({ writtenLines: 50, spooledLinesNow: 0, poisonLines: 0, troubledNow: 0 });
});

test('one poison line costs itself, not its batch: the others are stored, it is dropped and counted', async () => {
  const fake = await server();
  fake.state.fault = (lines, response) => {
    if (!lines.some((line) => line.includes('edge=613'))) return false;
    response.writeHead(400, { 'x-influxdb-error': 'partial write' });
    response.end('{"error":"partial write: field type conflict dropped=1"}');
    return true;
  };
  const { writer } = await writerTo(fake.url, await folder());
  await writer.write(rows(1_000));
  expect(await writer.flush(10_000)).toBe(true);
  expect([fake.store.size, fake.store.has(`congestion,edge=613 ${noon}`)]).toEqual([999, false]);
  expect(writer.counters()).toMatchObject({ poisonLines: 1, writtenLines: 999 });
  expect(fake.state.requests).toBeLessThan(30);
});

test("a 400 that is not InfluxDB's own (a proxy set up wrongly) condemns no line", async () => {
  const fake = await server();
  let refusals = 3;
  fake.state.fault = (_lines, response) => {
    if (refusals-- <= 0) return false;
    response.writeHead(400, { 'content-type': 'text/html' });
    response.end('<html>The plain HTTP request was sent to HTTPS port</html>');
    return true;
  };
  const { writer } = await writerTo(fake.url, await folder());
  await writer.write(rows(20));
  expect(await writer.flush(5_000)).toBe(true);
  expect([fake.store.size, writer.counters().poisonLines]).toEqual([20, 0]);
});

test('a batch too large for the server is halved until it fits', async () => {
  const fake = await server({ maxBytes: 1_500 });
  const { writer } = await writerTo(fake.url, await folder());
  await writer.write(rows(200));
  expect(await writer.flush(10_000)).toBe(true);
  expect([fake.store.size, writer.counters().poisonLines]).toEqual([200, 0]);
});

const faults: [string, (response: import('node:http').ServerResponse) => void][] = [
  ['401', (response) => response.writeHead(401).end('{"message":"unauthorized"}')],
  ['404 bucket not found', (response) => response.writeHead(404).end('{"message":"bucket not found"}')],
  ['429 with Retry-After in seconds', (response) => response.writeHead(429, { 'retry-after': '1' }).end()],
  [
    '503 with Retry-After as a date',
    (response) => response.writeHead(503, { 'retry-after': new Date(Date.now() + 20).toUTCString() }).end(),
  ],
  ['500', (response) => response.writeHead(500).end('{"message":"boom"}')],
  ['a reset connection', (response) => response.destroy()],
  [
    'half a body',
    (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setImmediate(() => response.destroy());
    },
  ],
  ['a redirect', (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
];
for (const [name, answer] of faults) {
  test(`three times ${name}, then a healthy server: every point arrives`, async () => {
    const fake = await server();
    let left = 3;
    fake.state.fault = (_lines, response) => {
      if (left-- <= 0) return false;
      answer(response);
      return true;
    };
    const { writer, troubles } = await writerTo(fake.url, await folder());
    await writer.write(rows(100));
    expect(await writer.flush(10_000)).toBe(true);
    expect(fake.store.size).toBe(100);
    expect(troubles).toHaveLength(3);
    expect(writer.counters()).toMatchObject({ failedRequests: 3, poisonLines: 0, droppedLines: 0, troubledNow: 0 });
  });
}

test('a server that accepts connections and never answers is given up after the timeout and tried again', async () => {
  const fake = await server();
  let silent = true;
  fake.state.fault = () => silent;
  const { writer, troubles } = await writerTo(fake.url, await folder(), { timeoutMs: 150 });
  await writer.write(rows(10));
  expect(await writer.flush(400)).toBe(false);
  expect(troubles[0]).toMatch(/timeout/i);
  silent = false;
  expect(await writer.flush(5_000)).toBe(true);
  expect(fake.store.size).toBe(10);
});

test('what could not be sent is sent by the next start, though the first writer never reached a server', async () => {
  const directory = await folder();
  const first = await writerTo('http://127.0.0.1:1', directory);
  await first.writer.write(rows(300));
  await first.writer.write(rows(300, 300));
  await first.writer.stop(0);
  const fake = await server();
  const { writer } = await writerTo(fake.url, directory);
  expect(await writer.flush(5_000)).toBe(true);
  expect(fake.store.size).toBe(600);
  expect((await readdir(directory)).length).toBe(0);
});

test('a full spool drops its oldest rows, counts them, and keeps within its bound', async () => {
  const directory = await folder();
  const { writer } = await writerTo('http://127.0.0.1:1', directory, {
    spool: { directory, maxBytes: 65_536, segmentBytes: 4_096 },
  });
  for (let i = 0; i < 40; i += 1) await writer.write(rows(40, i * 40));
  await writer.stop(0);
  const { spooledBytesNow, spooledLinesNow, droppedLines } = writer.counters();
  expect(spooledBytesNow).toBeLessThanOrEqual(65_536 + 8_192);
  expect(droppedLines).toBeGreaterThan(0);
  expect(spooledLinesNow + droppedLines).toBe(1_600);
  const fake = await server();
  const next = await writerTo(fake.url, directory);
  expect(await next.writer.flush(5_000)).toBe(true);
  expect(fake.store.size).toBe(spooledLinesNow);
  expect(fake.store.has(`congestion,edge=1599 ${noon}`)).toBe(true);
});

test('a torn record at the end of a segment is left out, everything before it is sent, and the tear is counted', async () => {
  const directory = await folder();
  const first = await writerTo('http://127.0.0.1:1', directory);
  await first.writer.write(rows(10));
  await first.writer.stop(0);
  const [name] = await readdir(directory);
  await writeFile(join(directory, name!), Buffer.from([40, 0, 0, 0, 1, 2, 3, 4, 65, 66]), { flag: 'a' });
  const fake = await server();
  const { writer } = await writerTo(fake.url, directory);
  expect(await writer.flush(5_000)).toBe(true);
  expect([fake.store.size, writer.counters().tornBytes]).toEqual([10, 10]);
});

test('a spool folder that cannot be made, and a target that cannot work, are refused at start', async () => {
  const path = join(await folder(), 'file');
  await writeFile(path, '');
  await expect(writerTo('http://127.0.0.1:1', join(path, 'below'))).rejects.toThrow(/ENOTDIR/);
  await expect(writerTo('ftp://x', await folder())).rejects.toThrow(/INFLUX_URL must be an http/);
  await expect(writerTo('http://x', await folder(), { bucket: '' })).rejects.toThrow(/INFLUX_BUCKET/);
});

test('when the disk refuses, write rejects, is counted, and works again when the disk does', async () => {
  const directory = join(await folder(), 'spool');
  const { writer } = await writerTo('http://127.0.0.1:1', directory);
  await rm(directory, { recursive: true });
  await expect(writer.write(rows(1))).rejects.toThrow(/ENOENT/);
  const { mkdir } = await import('node:fs/promises');
  await mkdir(directory);
  await writer.write(rows(5));
  expect(writer.counters()).toMatchObject({ spoolErrors: 1, spooledLinesNow: 5 });
});

test('whatever stands in names, tags and strings, a line stays one line with the same tags and fields', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.string({
      unit: fc.constantFrom('\\', ',', ' ', '=', '"', '\n', '\r', '\t', '#', 'a', 'ش', '\u0000'),
      maxLength: 12,
    }),
  );
  fc.assert(
    fc.property(
      text,
      fc.dictionary(text, text, { maxKeys: 3 }),
      text,
      fc.double(),
      fc.integer(),
      (measurement, tags, value, number, timestampMs) => {
        const line = encodeLine({ measurement, tags, fields: { text: value, number, flag: true }, timestampMs });
        if (measurement === '') {
          expect(line).toBeUndefined();
          return;
        }
        expect(line).not.toMatch(/[\n\r]/);
        const read = parseLine(line!);
        expect(read.time).toBe(timestampMs);
        const kept = Object.entries(tags).filter(([key, content]) => key !== '' && content !== '');
        const clean = (raw: string): string => raw.replace(/\p{Cc}/gu, ' ').replace(/\\(?=[\\,= ]|$)/g, '/');
        expect(read.tags).toEqual(Object.fromEntries(kept.map(([key, content]) => [clean(key), clean(content)])));
        expect(Object.keys(read.fields)).toEqual(
          Number.isFinite(number) ? ['text', 'number', 'flag'] : ['text', 'flag'],
        );
        expect(JSON.parse(read.fields.text!)).toBe(value.replace(/\p{Cc}/gu, ' '));
        if (Number.isFinite(number)) expect(Number(read.fields.number)).toBe(number === 0 ? 0 : number);
      },
    ),
  );
});

test('points without a usable field or time are counted and never sent', async () => {
  const fake = await server();
  const { writer } = await writerTo(fake.url, await folder());
  await writer.writePoints([
    { measurement: 'm', fields: { a: Number.NaN }, timestampMs: noon },
    { measurement: 'm', fields: {}, timestampMs: noon },
    { measurement: 'm', fields: { a: 1 }, timestampMs: Number.NaN },
    { measurement: 'platform', fields: { fleet: 12, up: true }, timestampMs: noon },
  ]);
  expect(await writer.flush(5_000)).toBe(true);
  expect([...fake.store.keys()]).toEqual([`platform ${noon}`]);
  expect(writer.counters().emptyPoints).toBe(3);
});
