import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '../../database/index.ts';
import {
  createIncidentService,
  type IncidentService,
  type IncidentServiceOptions,
  type RawMessage,
} from '../../incidents/index.ts';
import type { IncidentReport } from '../../messages/index.ts';
import { quietLog } from '../database/quiet-log.ts';

export interface StoreFixture {
  readonly dataDir: string;
  readonly database: Database;
  readonly service: IncidentService;
  open(more?: Partial<IncidentServiceOptions>): Promise<IncidentService>;
  close(): Promise<void>;
}

/** A real embedded PostgreSQL in a folder of its own with the record store on it. */
export async function openStore(more: Partial<IncidentServiceOptions> = {}): Promise<StoreFixture> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rahban-incidents-'));
  const log = quietLog();
  const database = await openDatabase({ dataDir, log, clock: Date.now });
  const services: IncidentService[] = [];
  const open = async (extra: Partial<IncidentServiceOptions> = {}): Promise<IncidentService> => {
    const service = await createIncidentService({
      database,
      dataDir,
      blackBox: async () => [],
      describePlace: () => 'Avenue des Spélugues',
      clock: Date.now,
      random: (bytes) => randomBytes(bytes),
      log,
      ...more,
      ...extra,
    });
    services.push(service);
    return service;
  };
  return {
    dataDir,
    database,
    service: await open(),
    open,
    async close() {
      for (const service of services) await service.stop();
      await database.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

let serial = 0;

/** A report of its own vehicle, 1 km and more away from every other one made here, unless told otherwise. */
export function someReport(more: Partial<IncidentReport> = {}): IncidentReport {
  serial++;
  return {
    reportId: `report-${serial.toString().padStart(6, '0')}`,
    vehicleId: `car-${serial}`,
    kind: 'crash',
    occurredAtMs: Date.UTC(2026, 10, 22, 10) + serial * 1000,
    lat: 43.7 + (serial % 4000) * 0.01,
    lon: 7.4,
    ...more,
  };
}

export function rawOf(report: IncidentReport): RawMessage {
  const payload = new TextEncoder().encode(JSON.stringify(report));
  return {
    vehicleId: report.vehicleId,
    topic: `rahban/v1/incidents/${report.vehicleId}`,
    receivedMs: report.occurredAtMs + 200,
    payload,
  };
}
