import { setTimeout as wait } from 'node:timers/promises';
import { telemetryTopic, topicBase } from '../../messages/index.ts';
import { RawClient } from '../clients/raw-client.ts';
import type { Access } from '../clients/vehicle-client.ts';
import { growth, growthByLabel, readMetrics } from '../platform/metrics-reading.ts';
import { fetchIncidents } from '../platform/public-incidents.ts';
import type { KnownCollision, Tracks } from '../recordings/index.ts';
import { matchCollisions } from './match-collisions.ts';
import { recordedMessage, wireId } from './recorded-message.ts';

/** Bytes that may wait in our socket before we wait for the broker. */
const backlog = 1 << 20;
/** Platform seconds after the last message until its incidents are counted; wall seconds for the counters to arrive. */
const tailSeconds = 25;
const settleSeconds = 10;

export interface ReplayOptions {
  readonly tracks: Tracks;
  readonly collisions: readonly KnownCollision[];
  /** Seconds of the recording, both ends included. */
  readonly from: number;
  readonly to: number;
  readonly access: Access;
  readonly http: string;
  /** First letters of all vehicle ids; the credential's prefix. */
  readonly prefix: string;
  /** The platform's clock: now = origin + (wall - origin) * rate. */
  readonly clockRate: number;
  readonly clockOriginMs: number;
  readonly stop: AbortSignal;
  readonly onProgress: (text: string) => void;
}

export interface ReplayResult {
  readonly sent: number;
  readonly received: number;
  readonly accepted: number;
  readonly shed: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly vehicles: number;
  /** Messages on the warnings topics by stage (0 = cancel) and by class (without cancels). */
  readonly warnings: {
    readonly byStage: Readonly<Record<string, number>>;
    readonly byClass: Readonly<Record<string, number>>;
  };
  readonly incidents: number;
  readonly collisions: number;
  readonly collisionsAsIncidents: number;
  readonly missedCollisions: readonly {
    readonly time: number;
    readonly class: string;
    readonly collider: string;
    readonly victim: string;
  }[];
  /** Crashes that belong to no collision of the recording. */
  readonly unexplainedCrashes: number;
  /** Seconds of the recording, and of the wall clock. */
  readonly recordedSeconds: number;
  readonly wallSeconds: number;
  /** How late the last tenth of a second was sent at most, in wall ms. */
  readonly latestSendMs: number;
}

/** Feeds a recording to a running platform through its broker, in the recording's own time, and counts what became of it. */
export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  const { tracks, from, to, access, http, prefix, clockRate, clockOriginMs, stop } = options;
  const begun = performance.now();
  const now = (): number => clockOriginMs + (Date.now() - clockOriginMs) * clockRate;
  const byStage: Record<string, number> = {};
  const byClass: Record<string, number> = {};
  let lost = false;
  const client = await RawClient.open(access, `${access.user}/replay`, {
    onMessage: (_topic, payload) => countWarning(payload, byStage, byClass),
    onClose: () => {
      lost = true;
    },
  });
  await client.subscribe(`${topicBase}/warnings/+`);
  const before = await readMetrics(http);
  const startMs = now() + 500;
  const timeOf = (second: number): number => startMs + (second - from) * 1000;
  const topics = tracks.ids.map((id) => telemetryTopic(wireId(prefix, id)));
  const vehicles = new Set<number>();
  let sent = 0;
  let latest = 0;
  let spoken = from;
  for (let row = firstFrom(tracks, from); row < tracks.count && tracks.time[row]! <= to; ) {
    if (stop.aborted || lost) break;
    const due = timeOf(tracks.time[row]!);
    const early = (due - now()) / clockRate;
    if (early > 0) {
      await wait(Math.max(1, early));
      continue;
    }
    latest = Math.max(latest, -early);
    for (const at = tracks.time[row]!; row < tracks.count && tracks.time[row] === at; row++) {
      const vehicle = tracks.vehicle[row]!;
      vehicles.add(vehicle);
      client.publish(topics[vehicle]!, recordedMessage(tracks, row, due));
      sent++;
      if (client.backlog > backlog) await client.flush();
    }
    const second = tracks.time[row - 1]!;
    if (second - spoken >= 60) {
      spoken = second;
      options.onProgress(`second ${second.toFixed(0)} of ${to.toFixed(0)}, ${sent} messages`);
    }
  }
  if (lost) throw new Error('the connection to the broker was lost during the replay');
  await waitUntil(() => now() >= timeOf(to) + tailSeconds * 1000, (tailSeconds * 1000) / clockRate + 5000, stop);
  let after = await readMetrics(http);
  for (let i = 0; i < settleSeconds && growth(before, after, received) < sent && !stop.aborted; i++) {
    await wait(1000);
    after = await readMetrics(http);
  }
  client.close();
  const incidents = (await fetchIncidents(http, Math.floor(startMs - 20_000))).filter(
    ({ occurredAtMs }) => occurredAtMs >= startMs - 1000,
  );
  const collisions = options.collisions.filter(({ time }) => time >= from && time <= to);
  const matched = matchCollisions(collisions, incidents, timeOf);
  return {
    sent,
    received: growth(before, after, received),
    accepted: growth(before, after, 'rahban_ingest_accepted_total'),
    shed: growth(before, after, 'rahban_ingest_shed_total'),
    dropped: growthByLabel(before, after, 'rahban_ingest_dropped_total'),
    vehicles: vehicles.size,
    warnings: { byStage, byClass },
    incidents: incidents.length,
    collisions: collisions.length,
    collisionsAsIncidents: matched.found,
    missedCollisions: matched.missed.map(({ time, class: kind, collider, victim }) => ({
      time,
      class: kind,
      collider,
      victim,
    })),
    unexplainedCrashes: matched.unexplained,
    recordedSeconds: to - from,
    wallSeconds: Math.round((performance.now() - begun) / 100) / 10,
    latestSendMs: Math.round(latest),
  };
}

const received = 'rahban_ingest_received_total';

function firstFrom(tracks: Tracks, second: number): number {
  let low = 0;
  let high = tracks.count;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (tracks.time[mid]! < second) low = mid + 1;
    else high = mid;
  }
  return low;
}

function countWarning(payload: Uint8Array, byStage: Record<string, number>, byClass: Record<string, number>): void {
  const warning: unknown = JSON.parse(Buffer.from(payload).toString());
  if (warning === null || typeof warning !== 'object' || !('stage' in warning) || !('class' in warning)) return;
  const stage = String(warning.stage);
  byStage[stage] = (byStage[stage] ?? 0) + 1;
  if (stage !== '0') byClass[String(warning.class)] = (byClass[String(warning.class)] ?? 0) + 1;
}

async function waitUntil(done: () => boolean, mostMs: number, stop: AbortSignal): Promise<void> {
  for (const end = performance.now() + mostMs; !done() && performance.now() < end && !stop.aborted; ) await wait(50);
}
