import { join } from 'node:path';
import { type Database, type Log, migrate } from '../database/index.ts';
import { createChainAnchor } from './store/chain-anchor.ts';
import { createRecordReader } from './store/record-reader.ts';
import { storeFacts } from './store/record-store.ts';
import { migrations } from './store/schema.ts';
import { verifyChain } from './store/verify-chain.ts';
import { readTrackingCode } from './tracking-code.ts';
import type { IncidentService } from './types.ts';

export interface IncidentArchiveOptions {
  readonly database: Database;
  readonly dataDir: string;
  readonly clock: () => number;
  readonly random: (bytes: number) => Uint8Array;
  readonly log: Log;
}

/**
 * The record store for commands beside a running platform: the same chain and the same access entries, but neither the
 * platform's journal nor its pending readings are touched.
 */
export async function openIncidentArchive(
  options: IncidentArchiveOptions,
): Promise<Pick<IncidentService, 'verify' | 'export'>> {
  const { database, clock, random } = options;
  await migrate(database, 'incidents', migrations);
  const reader = createRecordReader(database);
  const anchor = createChainAnchor(join(options.dataDir, 'incidents'), options.log);
  return {
    verify: () => verifyChain(database, anchor.read()),
    async export(trackingCode, access) {
      const code = readTrackingCode(trackingCode);
      const found = code === undefined ? undefined : await reader.byCode(code);
      if (found === undefined) return undefined;
      const key = `access:${Buffer.from(random(12)).toString('hex')}`;
      const common = { key, incidentId: found.id, recordedMs: clock(), action: 'export' };
      const entry = { kind: 'access', ...common, actor: access.actor, purpose: access.purpose } as const;
      const [stored] = await storeFacts(database, [entry], { followUpDelaysMs: [], random });
      return { record: stored.record, entries: await reader.entries(found.id), raw: await reader.raw(found.id) };
    },
  };
}
