import { chmod, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type Role, roles } from '../../messages/index.ts';
import type { AccountStore } from './account-store.ts';
import { checkPassword, hashPassword, randomPassword } from './passwords.ts';

export interface DemoAccount {
  readonly name: string;
  readonly role: Role;
  readonly password: string;
}

/**
 * One account a role (`demo-police` …) with a random password. The passwords are kept in `<dataDir>/demo-accounts.json`
 * (mode 600) and stay the same at the next start; an account whose password was changed since gets the kept one back.
 * @returns them all, for printing.
 */
export async function ensureDemoAccounts(
  store: AccountStore,
  dataDir: string,
  random: (size: number) => Uint8Array,
  nowMs: number,
): Promise<readonly DemoAccount[]> {
  const path = join(dataDir, 'demo-accounts.json');
  const kept = await readKept(path);
  const accounts = roles.map((role): DemoAccount => {
    const name = `demo-${role.replace('_', '-')}`;
    return { name, role, password: kept.get(name) ?? randomPassword(random) };
  });
  await writeKept(path, accounts);
  for (const { name, role, password } of accounts) await ensure(store, name, role, password, nowMs);
  return accounts;
}

async function ensure(store: AccountStore, name: string, role: Role, password: string, nowMs: number): Promise<void> {
  const known = await store.find(name);
  if (known === undefined) {
    await store.add({ name, role, passwordHash: await hashPassword(password), disabled: false, createdMs: nowMs });
  } else if (!(await checkPassword(password, known.passwordHash))) {
    await store.change(name, { role, passwordHash: await hashPassword(password) });
  }
}

async function readKept(path: string): Promise<Map<string, string>> {
  const kept = new Map<string, string>();
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return kept;
    throw error;
  }
  const parsed: unknown = JSON.parse(text);
  for (const item of Array.isArray(parsed) ? parsed : []) {
    const { name, password } = item as Record<string, unknown>;
    if (typeof name === 'string' && typeof password === 'string') kept.set(name, password);
  }
  return kept;
}

async function writeKept(path: string, accounts: readonly DemoAccount[]): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.chmod(0o600);
    await file.writeFile(`${JSON.stringify(accounts, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  await chmod(path, 0o600);
}
