import type { Database } from '../../database/index.ts';
import type { IncidentRecord } from '../types.ts';
import type { EntryBody } from './entry-body.ts';
import { project } from './projection.ts';
import { readEntry } from './record-reader.ts';
import { rowOf } from './record-store.ts';
import type { IncidentTables } from './schema.ts';

/**
 * Throws the table of records away and makes it again from the entries of the chain, in one transaction. Returns how many
 * records there are.
 */
export async function rebuildRecords(database: Database): Promise<number> {
  const kysely = database.kysely.withTables<IncidentTables>();
  return kysely.transaction().execute(async (transaction) => {
    await transaction.selectFrom('incident_chain').selectAll().forUpdate().execute();
    await transaction.deleteFrom('incidents').execute();
    const records = new Map<string, IncidentRecord>();
    let after = 0;
    for (;;) {
      const rows = await transaction
        .selectFrom('incident_entries')
        .selectAll()
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(500)
        .execute();
      if (rows.length === 0) break;
      for (const row of rows) {
        const entry = readEntry(row);
        const body: EntryBody = JSON.parse(entry.body);
        const record = project(records.get(entry.incidentId), entry, body);
        if (record !== undefined) records.set(entry.incidentId, record);
        after = entry.sequence;
      }
    }
    for (const record of records.values()) await transaction.insertInto('incidents').values(rowOf(record)).execute();
    return records.size;
  });
}
