import { randomBytes } from 'node:crypto';
import { attachDatabase, type Log } from '../database/index.ts';
import { type IncidentService, openIncidentArchive } from '../incidents/index.ts';

export const storeOptions = {
  'data-dir': { type: 'string' },
  'database-url': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

export const storeHelp = `  --data-dir DIR       data of the platform (RAHBAN_DATA_DIR, default ./data)
  --database-url URL   PostgreSQL elsewhere (DATABASE_URL, default: the embedded one of the data folder)
  --json               one JSON object as the last line`;

/** Opens the record store beside a running platform (or alone), does the work, closes everything again. */
export async function withIncidentStore<T>(
  values: { readonly 'data-dir'?: string | undefined; readonly 'database-url'?: string | undefined },
  work: (store: Pick<IncidentService, 'verify' | 'export'>) => Promise<T>,
): Promise<T> {
  const dataDir = values['data-dir'] ?? process.env.RAHBAN_DATA_DIR ?? './data';
  const url = values['database-url'] ?? process.env.DATABASE_URL;
  const write = (fields: object, message: string): void => {
    process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
  };
  const log: Log = { info: () => undefined, warn: write, error: write };
  const database = await attachDatabase({ dataDir, log, clock: Date.now, ...(url === undefined ? {} : { url }) });
  try {
    const random = (bytes: number): Uint8Array => randomBytes(bytes);
    return await work(await openIncidentArchive({ database, dataDir, log, clock: Date.now, random }));
  } finally {
    await database.stop();
  }
}
