import { randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { credentialFile } from '../../broker/credentials/credential-file.ts';
import { CredentialStore } from '../../broker/credentials/credential-store.ts';
import { parseLine } from '../../broker/credentials/entry.ts';
import { Verifier } from '../../broker/credentials/verifier.ts';

let dir: string;
let store: CredentialStore;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rahban-credentials-'));
  store = await CredentialStore.open(dir);
});
afterEach(async () => {
  store.close();
  await rm(dir, { recursive: true, force: true });
});

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

test('the file is readable by its owner only and never holds a secret', async () => {
  const secret = await store.add({ principal: 'car-1', kind: 'vehicle' });
  expect((await stat(credentialFile(dir))).mode & 0o777).toBe(0o600);
  expect(await readFile(credentialFile(dir), 'utf8')).not.toContain(secret);
});

test('a generated secret has at least 128 bits and a cheap hash, a chosen password the full cost', async () => {
  const secret = await store.add({ principal: 'car-1', kind: 'vehicle' });
  await store.add({ principal: 'car-2', kind: 'vehicle', password: 'correct horse' });
  expect(Buffer.from(secret, 'base64url').length).toBeGreaterThanOrEqual(16);
  expect([store.find('car-1')?.N, store.find('car-2')?.N]).toEqual([1024, 16_384]);
});

test('cutting the file at every byte never throws, keeps every complete line and reports the torn one', async () => {
  await store.add({ principal: 'car-1', kind: 'vehicle' });
  const first = (await stat(credentialFile(dir))).size;
  await store.add({ principal: 'car-2', kind: 'vehicle' });
  const whole = await readFile(credentialFile(dir));
  for (let size = whole.length - 1; size >= 0; size -= 7) {
    await truncate(credentialFile(dir), size);
    const opened = await CredentialStore.open(dir);
    expect(opened.list().map(({ principal }) => principal)).toEqual(size >= first ? ['car-1'] : []);
    expect(opened.badLines).toBe(size === first || size === 0 ? 0 : 1);
  }
});

test('a line written after a torn one is not swallowed by it', async () => {
  await store.add({ principal: 'car-1', kind: 'vehicle' });
  await appendFile(credentialFile(dir), '{"op":"add","principal":"half');
  const secret = await store.add({ principal: 'car-2', kind: 'vehicle' });
  const again = await CredentialStore.open(dir);
  expect(again.list().map(({ principal }) => principal)).toEqual(['car-1', 'car-2']);
  expect(again.badLines).toBe(1);
  expect(await new Verifier(again, Date.now).verify('car-2', Buffer.from(secret), 'a')).toMatchObject({ result: 'ok' });
});

test('parseLine is total: any text is a legal line or undefined', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const line = parseLine(text);
      expect(line === undefined || ['add', 'rotate', 'revoke'].includes(line.op)).toBe(true);
    }),
  );
});

test('another process adding, rotating and revoking is noticed while the store is followed', async () => {
  const changed: string[] = [];
  await store.follow((principals) => changed.push(...principals), quiet);
  const other = await CredentialStore.open(dir);
  await other.add({ principal: 'car-1', kind: 'vehicle' });
  await vi.waitFor(() => expect(store.find('car-1')).toBeDefined(), { timeout: 3000 });
  expect(changed).toEqual([]);
  await other.rotate('car-1');
  await vi.waitFor(() => expect(changed).toEqual(['car-1']), { timeout: 3000 });
  await other.revoke('car-1');
  await vi.waitFor(() => expect(changed).toEqual(['car-1', 'car-1']), { timeout: 3000 });
  expect(store.find('car-1')).toBeUndefined();
});

test('the right secret is accepted, after that without the slow hash', async () => {
  const secret = Buffer.from(await store.add({ principal: 'car-1', kind: 'vehicle', password: 'correct horse' }));
  const verifier = new Verifier(store, Date.now);
  expect(await verifier.verify('car-1', secret, 'a')).toMatchObject({ result: 'ok' });
  const start = performance.now();
  for (let n = 0; n < 1000; n += 1) await verifier.verify('car-1', secret, 'a');
  expect((performance.now() - start) / 1000).toBeLessThan(1);
});

test('a remembered secret ends with its credential', async () => {
  const secret = Buffer.from(await store.add({ principal: 'car-1', kind: 'vehicle' }));
  const verifier = new Verifier(store, Date.now);
  await verifier.verify('car-1', secret, 'a');
  await store.rotate('car-1');
  verifier.forget();
  expect(await verifier.verify('car-1', secret, 'a')).toEqual({ result: 'wrong' });
});

test('ten wrong passwords make the next wait, also with the right one, but not from another address', async () => {
  let nowMs = 0;
  const verifier = new Verifier(store, () => nowMs);
  const secret = Buffer.from(await store.add({ principal: 'car-1', kind: 'vehicle' }));
  const results: string[] = [];
  for (let n = 0; n < 10; n += 1) results.push((await verifier.verify('car-1', randomBytes(8), 'attacker')).result);
  expect(results).toEqual([...Array(5).fill('wrong'), ...Array(5).fill('back-off')]);
  expect((await verifier.verify('car-1', secret, 'attacker')).result).toBe('back-off');
  expect((await verifier.verify('car-1', secret, 'home')).result).toBe('ok');
  nowMs = 1000;
  expect((await verifier.verify('car-1', secret, 'attacker')).result).toBe('ok');
});
