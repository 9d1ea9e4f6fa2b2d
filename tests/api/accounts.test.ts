import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AccountStore,
  checkPassword,
  ensureDemoAccounts,
  hashPassword,
  loadTokenKey,
  openAccounts,
  randomPassword,
  type Session,
} from '../../api/index.ts';
import { type Database, openDatabase } from '../../database/index.ts';
import { roles } from '../../messages/index.ts';
import { memoryAccounts } from './fixtures/memory-accounts.ts';

const folder = mkdtempSync(join(tmpdir(), 'rahban-accounts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const account = { role: 'police', passwordHash: 'h', disabled: false, createdMs: 1_700_000_000_000 } as const;
const session = (id: string, name: string): Session => ({
  id,
  name,
  refreshHash: 'a',
  createdMs: 1000,
  expiresMs: 5000,
  revoked: false,
});

/** What every account store must do, whatever it is made of. */
function storeContract(title: string, open: () => Promise<AccountStore>): void {
  describe(title, () => {
    let store: AccountStore;
    beforeAll(async () => {
      store = await open();
    });

    it('keeps accounts by name and refuses a name twice', async () => {
      expect(await store.add({ ...account, name: 'b-police', vehicleId: 'car-1' })).toBe(true);
      expect(await store.add({ ...account, name: 'a-police' })).toBe(true);
      expect(await store.add({ ...account, name: 'a-police', role: 'operator' })).toBe(false);
      expect(await store.find('a-police')).toEqual({ ...account, name: 'a-police' });
      expect((await store.list()).map(({ name, vehicleId }) => [name, vehicleId])).toEqual([
        ['a-police', undefined],
        ['b-police', 'car-1'],
      ]);
      expect(await store.find("x' or '1'='1")).toBeUndefined();
    });

    it('changes only what is named', async () => {
      expect(await store.change('a-police', { disabled: true })).toBe(true);
      expect(await store.find('a-police')).toEqual({ ...account, name: 'a-police', disabled: true });
      expect(await store.change('nobody', { disabled: true })).toBe(false);
    });

    it('rotates a refresh hash once: of two at the same time one wins', async () => {
      await store.openSession(session('s1', 'a-police'));
      const won = await Promise.all([store.rotate('s1', 'a', 'b', 2000), store.rotate('s1', 'a', 'c', 2000)]);
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await store.rotate('s1', 'a', 'd', 2000)).toBe(false);
    });

    it('does not rotate what is over or revoked', async () => {
      await store.openSession(session('s2', 'a-police'));
      expect(await store.rotate('s2', 'a', 'b', 5000)).toBe(false);
      await store.revoke('s2');
      expect(await store.rotate('s2', 'a', 'b', 2000)).toBe(false);
      expect((await store.session('s2'))?.revoked).toBe(true);
    });

    it('revokes all of one and nothing of another, and forgets what ended', async () => {
      await store.openSession(session('s3', 'a-police'));
      await store.openSession(session('s4', 'b-police'));
      await store.revokeAllOf('a-police');
      expect([(await store.session('s3'))?.revoked, (await store.session('s4'))?.revoked]).toEqual([true, false]);
      expect(await store.forgetEnded(5000)).toBe(0);
      expect(await store.forgetEnded(5001)).toBe(4);
      expect(await store.session('s4')).toBeUndefined();
    });
  });
}

storeContract('accounts in memory', async () => memoryAccounts());

describe('with a real PostgreSQL', () => {
  let database: Database;
  beforeAll(async () => {
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    database = await openDatabase({ dataDir: join(folder, 'database'), log, clock: Date.now });
  });
  afterAll(() => database.stop());
  storeContract('accounts in PostgreSQL', () => openAccounts(database));

  it('opening twice at once makes the tables once', async () => {
    const [one, two] = await Promise.all([openAccounts(database), openAccounts(database)]);
    expect((await one.list()).length).toBe((await two.list()).length);
  });
});

describe('passwords', () => {
  it('are right only for their own hash, and never for no hash', async () => {
    const hash = await hashPassword('گذرواژهٔ بلند');
    expect(hash).toMatch(/^scrypt\$16384\$8\$/);
    expect(await checkPassword('گذرواژهٔ بلند', hash)).toBe(true);
    expect(await checkPassword('گذرواژه بلند', hash)).toBe(false);
    expect(await checkPassword('', undefined)).toBe(false);
    expect(await hashPassword('same')).not.toBe(await hashPassword('same'));
  });

  it('cost an unknown name what they cost a known one', async () => {
    const hash = await hashPassword('x');
    const time = async (of: string | undefined) => {
      const runs: number[] = [];
      for (let i = 0; i < 7; i += 1) {
        const begun = performance.now();
        await checkPassword('y', of);
        runs.push(performance.now() - begun);
      }
      return Math.min(...runs);
    };
    const ratio = (await time(undefined)) / (await time(hash));
    // The same work on a shared machine: far from the factor of 1000 a shortcut would show.
    expect(ratio).toBeGreaterThan(0.4);
    expect(ratio).toBeLessThan(2.5);
  });

  it('made up are 16 letters without look-alikes and never the same', () => {
    const made = new Set(Array.from({ length: 1000 }, () => randomPassword(randomBytes)));
    expect(made.size).toBe(1000);
    for (const one of made) expect(one).toMatch(/^[a-hjkmnp-zA-HJ-NP-Z2-9]{16}$/);
  });
});

describe('files of secrets', () => {
  it('the token key is made once, for its owner only', async () => {
    const key = await loadTokenKey(folder, randomBytes);
    expect(await loadTokenKey(folder, randomBytes)).toEqual(key);
    const path = join(folder, 'token.key');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o644);
    await expect(loadTokenKey(folder, randomBytes)).rejects.toThrow('mode 644');
    chmodSync(path, 0o600);
    writeFileSync(path, 'short');
    await expect(loadTokenKey(folder, randomBytes)).rejects.toThrow('5 bytes');
  });

  it('demo accounts are one a role, kept for the owner only, and the same at the next start', async () => {
    const store = memoryAccounts();
    const first = await ensureDemoAccounts(store, folder, randomBytes, 0);
    expect(first.map(({ role }) => role)).toEqual([...roles]);
    expect(statSync(join(folder, 'demo-accounts.json')).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(folder, 'demo-accounts.json'), 'utf8'))).toEqual(first);
    const [driver] = first;
    await store.change(driver.name, { passwordHash: await hashPassword('something else') });
    expect(await ensureDemoAccounts(store, folder, randomBytes, 0)).toEqual(first);
    const again = await store.find(driver.name);
    expect(await checkPassword(driver.password, again?.passwordHash)).toBe(true);
    expect(readFileSync(join(folder, 'demo-accounts.json'), 'utf8')).not.toContain('scrypt');
  });
});
