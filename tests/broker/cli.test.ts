import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CredentialStore } from '../../broker/index.ts';
import { UsageError } from '../../cli/command.ts';
import add from '../../cli/vehicle-add.ts';
import list from '../../cli/vehicle-list.ts';
import revoke from '../../cli/vehicle-revoke.ts';

let dir: string;
let out: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rahban-cli-'));
  out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(dir, { recursive: true, force: true });
});

test('vehicle add prints id and secret once, list shows it, revoke removes it', async () => {
  expect(await add.run(['bus-fleet', '--kind', 'gateway', '--prefix', 'bus-', '--data-dir', dir, '--json'])).toBe(0);
  expect(JSON.parse(out)).toEqual({
    id: 'bus-fleet',
    secret: expect.stringMatching(/^[\w-]{32}$/),
    kind: 'gateway',
    prefix: 'bus-',
  });
  out = '';
  expect(await list.run(['--data-dir', dir, '--json'])).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    credentials: [{ id: 'bus-fleet', kind: 'gateway', prefix: 'bus-' }],
    badLines: 0,
  });
  out = '';
  expect(await revoke.run(['bus-fleet', '--data-dir', dir, '--json'])).toBe(0);
  expect((await CredentialStore.open(dir)).list()).toEqual([]);
});

test('vehicle add --rotate replaces the secret of an existing credential', async () => {
  await add.run(['car-1', '--data-dir', dir]);
  const before = (await CredentialStore.open(dir)).find('car-1');
  await add.run(['car-1', '--rotate', '--password', 'eight-or-more', '--data-dir', dir]);
  const after = (await CredentialStore.open(dir)).find('car-1');
  expect(after?.hash).not.toBe(before?.hash);
  expect(after?.N).toBe(16_384);
  expect(out).toContain('eight-or-more');
});

test.each([
  [['car 1']],
  [['../../etc']],
  [['__proto__']],
  [['a', 'b']],
  [[]],
  [['car-1', '--kind', 'king']],
  [['car-1', '--kind', 'gateway']],
  [['car-1', '--prefix', 'x']],
  [['car-1', '--password', 'short']],
])('vehicle add %j is wrong usage', async (args) => {
  await expect(add.run([...args, '--data-dir', dir])).rejects.toThrow(UsageError);
});

test('adding an id twice and revoking an unknown one fail with a reason', async () => {
  await add.run(['car-1', '--data-dir', dir]);
  await expect(add.run(['car-1', '--data-dir', dir])).rejects.toThrow(/exists already/);
  await expect(revoke.run(['car-2', '--data-dir', dir])).rejects.toThrow(/no such credential/);
});
