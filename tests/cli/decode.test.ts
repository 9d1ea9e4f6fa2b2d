import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithSharedData, sharedData } from '../fixtures/shared-data.ts';

const main = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'dist', 'cli', 'main.js');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rahban-decode-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function rahban(args: readonly string[], input = ''): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, [main, 'decode', ...args]);
  child.stdin.end(input);
  const code = new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? -1)));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, out, err };
}

const good = '{"ts":1790000000000,"lat":43.7384,"lon":7.4246,"speed":12.5}';
const bad = '{"ts":1790000000000,"lat":91,"lon":7.4246}';

it('prints the state of a message from standard input and ends with 0', async () => {
  const { code, out } = await rahban(['--topic', 'rahban/v1/telemetry/car-7', '-'], good);
  expect(out).toMatch(/^stdin: accepted compact vehicleId=car-7 .*timestamp=2026-09-21T14:13:20.000Z .*speed=12.5/);
  expect(code).toBe(0);
});

it('names the reason of each refused line, ends with 1, and --json closes with one summary object', async () => {
  const file = join(folder, 'lines.jsonl');
  writeFileSync(file, `${good}\n\n${bad}\n{"ts":\n`);
  const { code, out } = await rahban(['--topic', 'rahban/v1/telemetry/car-7', '--json', file]);
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.slice(0, 3).map((line) => [line.where, line.ok, line.reason])).toEqual([
    [`${file}:1`, true, undefined],
    [`${file}:3`, false, 'position-out-of-range'],
    [`${file}:4`, false, 'not-json'],
  ]);
  expect(lines.at(-1)).toEqual({
    messages: 3,
    accepted: 1,
    refused: 2,
    byReason: { 'position-out-of-range': 1, 'not-json': 1 },
  });
  expect(code).toBe(1);
});

it('reads an OsmAnd query', async () => {
  const { code, out } = await rahban(['-'], '/?id=p1&lat=43.7&lon=7.4&speed=10&timestamp=1790000000');
  expect(out).toContain('accepted osmand vehicleId=p1');
  expect(out).toContain('speed=5.1444444');
  expect(code).toBe(0);
});

it.each([[[]], [['--received', 'soon', '-']], [['--no-such-option', '-']]])('%j is wrong usage', async (args) => {
  expect((await rahban(args)).code).toBe(2);
});

it('a file that is not there is an error with its name', async () => {
  const { code, err } = await rahban([join(folder, 'missing.json')]);
  expect(code).toBe(1);
  expect(err).toContain('missing.json');
});

describeWithSharedData('recorded samples', ['samples/jpo-ode/data/bsmLogDuringEvent.json'], () => {
  it('decode by their own time', async () => {
    const log = sharedData('samples/jpo-ode/data/bsmLogDuringEvent.json');
    const byOwnTime = await rahban(['--json', log]);
    expect(JSON.parse(byOwnTime.out.trim().split('\n').at(-1)!)).toMatchObject({ messages: 222, accepted: 222 });
    expect(byOwnTime.code).toBe(0);
  });
});
