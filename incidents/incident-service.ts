import { join } from 'node:path';
import { type Database, type Log, migrate } from '../database/index.ts';
import type { IncidentReport, IncidentSummary, VehicleState } from '../messages/index.ts';
import type { RoadGraph } from '../roads/graph/index.ts';
import { createAlertNotes } from './black-box/alert-notes.ts';
import { planOf } from './black-box/follow-up-plan.ts';
import { runFollowUps } from './black-box/follow-ups.ts';
import type { BlackBoxFact, Fact, ObservedFact, ReportedFact } from './facts.ts';
import { openJournal } from './journal/journal.ts';
import { type JournalFiles, journalFolder } from './journal/journal-files.ts';
import { type Reconstruction, reconstruct } from './reconstruct/reconstruct.ts';
import { tracksOf } from './reconstruct/tracks.ts';
import { drawSketch } from './sketch/draw-sketch.ts';
import { createChainAnchor } from './store/chain-anchor.ts';
import { entryBody } from './store/entry-body.ts';
import { createFactWriter } from './store/fact-writer.ts';
import { project, summaryOf } from './store/projection.ts';
import { createRecordReader } from './store/record-reader.ts';
import type { Stored } from './store/record-store.ts';
import { migrations } from './store/schema.ts';
import { verifyChain } from './store/verify-chain.ts';
import { newTrackingCode, readTrackingCode } from './tracking-code.ts';
import type { Access, BlackBoxReader, CrashObservation, IncidentRecord, IncidentService, RawMessage } from './types.ts';

export interface IncidentServiceOptions {
  readonly database: Database;
  /** The platform's data folder; this room keeps `<dataDir>/incidents` (journal, chain head). */
  readonly dataDir: string;
  readonly blackBox: BlackBoxReader;
  /** Street name of a place, or undefined; `edge` -1 when unknown. */
  readonly describePlace: (lat: number, lon: number, edge: number) => string | undefined;
  /** UTC ms. */
  readonly clock: () => number;
  /** That many unpredictable bytes. */
  readonly random: (bytes: number) => Uint8Array;
  readonly log: Log;
  /** Decodes a raw telemetry message, for reconstruction and sketch; absent: neither is made. */
  readonly decode?: (message: RawMessage) => VehicleState | undefined;
  /** Roads of the sketch; absent: the sketch shows the vehicles only. */
  readonly graph?: RoadGraph;
  /** When the black box is read, ms after the fact came in, ascending, at most 8. */
  readonly followUpDelaysMs?: readonly number[];
  /** The journal's disk; default the folder `<dataDir>/incidents/journal`. */
  readonly files?: JournalFiles;
}

const defaultDelaysMs: readonly number[] = [0, 15_000, 30_000];

/** Opens the record store (tables, journal, pending black-box readings) and replays what an earlier process left in the journal. */
export async function createIncidentService(options: IncidentServiceOptions): Promise<IncidentService> {
  const { database, clock, random, log, decode } = options;
  const followUpDelaysMs = options.followUpDelaysMs ?? defaultDelaysMs;
  if (followUpDelaysMs.length > 8 || followUpDelaysMs.some((delay, i) => delay < (followUpDelaysMs[i - 1] ?? 0)))
    throw new Error(`followUpDelaysMs [${followUpDelaysMs}]: at most 8, ascending from 0`);
  const folder = join(options.dataDir, 'incidents');
  const files = options.files ?? journalFolder(join(folder, 'journal'));
  const journal = await openJournal({ files, log });
  await migrate(database, 'incidents', migrations);
  const reader = createRecordReader(database);
  const anchor = createChainAnchor(folder, log);
  const alerts = createAlertNotes();
  const listeners = new Set<(incident: IncidentSummary) => void>();
  const count = { listenerFailures: 0, reconstructions: 0, reconstructionFailures: 0 };

  const tell = (summary: IncidentSummary): void => {
    for (const listener of listeners) {
      try {
        listener(summary);
      } catch (error) {
        count.listenerFailures++;
        log.error({ err: error }, 'a listener of incidents failed');
      }
    }
  };
  const onStored = (stored: Stored): void => {
    if (!stored.added) return;
    const { fact, record } = stored;
    anchor.note({ sequence: stored.sequence, hash: record.hash });
    if (stored.newVehicleIds.length > 0) followUps.add(planOf(fact, record.id, stored.newVehicleIds, followUpDelaysMs));
    if (fact.kind !== 'access') tell(summaryOf(record));
  };
  const writer = createFactWriter({ ...options, files, journal, followUpDelaysMs, onReplayed: onStored });

  /** Puts a fact on disk and tells everybody; while the database is away the parties' black box is read all the same. */
  const record = async (fact: Fact): Promise<Stored | undefined> => {
    const safe = await writer.write(fact);
    if (safe.where === 'database') {
      onStored(safe.stored);
      return safe.stored;
    }
    if (fact.kind === 'reported' || fact.kind === 'observed') {
      const link = { sequence: 0, incidentId: fact.incidentId, hash: '', previousHash: '' };
      const provisional = project(undefined, link, entryBody(fact));
      if (provisional !== undefined) {
        followUps.add(planOf(fact, provisional.id, provisional.vehicleIds, followUpDelaysMs));
        tell(summaryOf(provisional));
      }
    }
    return undefined;
  };
  const codeOf = async (fact: ReportedFact | ObservedFact): Promise<{ readonly trackingCode: string }> => {
    const stored = await record(fact);
    return { trackingCode: stored?.record.trackingCode ?? fact.trackingCode };
  };
  const opening = (key: string, vehicleIds: readonly string[], lat: number, lon: number, edge: number) => {
    const nowMs = clock();
    const street = describe(lat, lon, edge);
    return {
      key,
      incidentId: Buffer.from(random(12)).toString('hex'),
      recordedMs: nowMs,
      trackingCode: newTrackingCode(random),
      alerts: alerts.of(vehicleIds, nowMs),
      ...(street === undefined ? {} : { street }),
    };
  };
  /** Enrichment fails open: a place without a name is still a place. */
  const describe = (lat: number, lon: number, edge: number): string | undefined => {
    try {
      return options.describePlace(lat, lon, edge);
    } catch (error) {
      log.warn({ err: error }, 'place not described');
      return undefined;
    }
  };
  const storeBlackBox = async (fact: BlackBoxFact): Promise<void> => {
    const stored = await record(fact);
    if (stored !== undefined && fact.phase > 0) await derive(stored.record, fact.key);
  };
  const derive = async (incident: IncidentRecord, reason: string): Promise<void> => {
    if (decode === undefined) return;
    try {
      const result = reconstruct(Date.parse(incident.occurredAt), tracksOf(await reader.raw(incident.id), decode));
      if (result === undefined) return;
      const common = { key: `derived:${reason}`, incidentId: incident.id, recordedMs: clock() };
      await record({ kind: 'derived', ...common, name: 'reconstruction', result: { ...result } });
      count.reconstructions++;
    } catch (error) {
      count.reconstructionFailures++;
      log.error({ err: error, incident: incident.trackingCode }, 'reconstruction failed');
    }
  };
  const followUps = runFollowUps({ blackBox: options.blackBox, clock, log, store: storeBlackBox });
  followUps.add(await reader.followUps());
  await writer.replay();

  /** The record a typed code leads to; with `access` only after the reading is on record. */
  const open = async (typed: string, action: string, access?: Access): Promise<IncidentRecord | undefined> => {
    const code = readTrackingCode(typed);
    const found = code === undefined ? undefined : await reader.byCode(code);
    if (found === undefined || access === undefined) return found;
    const key = `access:${Buffer.from(random(12)).toString('hex')}`;
    const common = { key, incidentId: found.id, recordedMs: clock(), action };
    const stored = await record({ kind: 'access', ...common, actor: access.actor, purpose: access.purpose });
    return stored?.record ?? found;
  };
  return {
    report: (report: IncidentReport, raw: RawMessage) =>
      codeOf({
        kind: 'reported',
        ...opening(`report:${report.vehicleId}:${report.reportId}`, [report.vehicleId], report.lat, report.lon, -1),
        report,
        raw,
      }),
    observe: (observation: CrashObservation) => {
      const { vehicleIds, occurredAtMs, lat, lon, edge } = observation;
      const key = `observation:${Math.round(occurredAtMs)}:${[...vehicleIds].sort().join(',')}`;
      const common = opening(key, vehicleIds, lat, lon, edge);
      const street = observation.street ?? common.street;
      return codeOf({ kind: 'observed', ...common, ...(street === undefined ? {} : { street }), observation });
    },
    noteAlert: (vehicleId, alert) => alerts.add({ vehicleId, ...alert }),
    list: (query) => reader.list(query),
    get: (trackingCode, access) => open(trackingCode, 'read the record', access),
    async raw(trackingCode, access) {
      const found = await open(trackingCode, 'read the raw messages', access);
      return found === undefined ? [] : reader.raw(found.id);
    },
    async sketch(trackingCode, language) {
      const found = await open(trackingCode, 'sketch');
      if (found === undefined || decode === undefined) return undefined;
      const tracks = tracksOf(await reader.raw(found.id), decode);
      const reconstruction: Reconstruction | undefined = reconstruct(Date.parse(found.occurredAt), tracks);
      if (reconstruction === undefined) return undefined;
      const { graph } = options;
      return drawSketch({ record: found, reconstruction, tracks, language, ...(graph === undefined ? {} : { graph }) });
    },
    async export(trackingCode, access) {
      const found = await open(trackingCode, 'export', access);
      if (found === undefined) return undefined;
      return { record: found, entries: await reader.entries(found.id), raw: await reader.raw(found.id) };
    },
    async setState(trackingCode, state, actor, note) {
      const found = await open(trackingCode, 'state');
      if (found === undefined) return false;
      const key = `state:${Buffer.from(random(12)).toString('hex')}`;
      await record({ kind: 'state-change', key, incidentId: found.id, recordedMs: clock(), state, actor, note });
      return true;
    },
    verify: () => verifyChain(database, anchor.read()),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    counters() {
      const box = followUps.counters();
      return {
        ...writer.counters(),
        ...count,
        blackBoxPendingNow: box.pending,
        blackBoxRead: box.read,
        blackBoxFailed: box.failed,
        blackBoxShed: box.shed,
      };
    },
    async stop() {
      await followUps.stop();
      await writer.stop();
      await anchor.stop();
      listeners.clear();
    },
  };
}
