import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { checkPassword, openAccounts } from '../../api/index.ts';
import userAdd from '../../cli/user-add.ts';
import userList from '../../cli/user-list.ts';
import { attachDatabase } from '../../database/index.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'rahban-users-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

let printed: MockInstance<typeof process.stdout.write>;
beforeEach(() => {
  printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => printed.mockRestore());
const lastLine = () => JSON.parse(String(printed.mock.calls.at(-1)?.[0]));

describe('the commands for accounts', () => {
  it('make an account with a password that works, and list it without', { timeout: 60_000 }, async () => {
    expect(await userAdd.run(['sara', '--role', 'police', '--json', '--data-dir', dataDir])).toBe(0);
    const { password, ...rest } = lastLine();
    expect(rest).toEqual({ name: 'sara', role: 'police' });

    expect(await userList.run(['--json', '--data-dir', dataDir])).toBe(0);
    expect(lastLine().users).toMatchObject([{ name: 'sara', role: 'police', disabled: false }]);
    expect(JSON.stringify(lastLine())).not.toContain(password);

    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const database = await attachDatabase({ dataDir, log, clock: Date.now });
    const account = await (await openAccounts(database)).find('sara');
    expect(await checkPassword(password, account?.passwordHash)).toBe(true);
    await expect(userAdd.run(['sara', '--role', 'police', '--data-dir', dataDir])).rejects.toThrow('taken');
    await database.stop();
  });

  it.each([
    [['sara'], '--role'],
    [['sara', '--role', 'king'], '--role king'],
    [['Sara!', '--role', 'police'], 'NAME'],
    [['sara', '--role', 'police', '--password', 'short'], '--password'],
    [['sara', '--role', 'driver', '--vehicle', 'a/b'], '--vehicle'],
    [['a-b', 'c-d', '--role', 'driver'], 'exactly one'],
  ])('refuse %j before any database is opened', async (args, message) => {
    await expect(userAdd.run(args)).rejects.toThrow(message);
  });
});
