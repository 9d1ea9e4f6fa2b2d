import { setTimeout as wait } from 'node:timers/promises';
import { telemetryTopic, warningTopic } from '../../messages/index.ts';
import type { RoadGraph } from '../../roads/graph/index.ts';
import { RawClient } from '../clients/raw-client.ts';
import type { Access } from '../clients/vehicle-client.ts';
import { createRandom, type Random } from '../random.ts';
import { Convoys } from './convoys.ts';

/** Connections opened at once, and most latencies kept (a uniform sample beyond). */
const together = 50;
const mostLatencies = 200_000;
const atOnce = 256;
/** All vehicles appear within a moment, which no city does: what comes after this is told apart, ms. */
const settledMs = 2000;

export interface LoadOptions {
  readonly graph: RoadGraph;
  readonly access: Access;
  readonly prefix: string;
  readonly vehicles: number;
  readonly hz: number;
  readonly seconds: number;
  readonly seed: number;
  readonly stop: AbortSignal;
  readonly onProgress: (text: string) => void;
  /** Told when all are connected and when the first message goes out. */
  readonly onStart?: () => Promise<void>;
}

export type Latency = Readonly<Record<'p50' | 'p99' | 'p999', number | null>>;

export interface LoadResult {
  readonly vehicles: number;
  readonly wantedPerSecond: number;
  readonly sentPerSecond: number;
  readonly sent: number;
  /** Connections that broke during the load. */
  readonly lostConnections: number;
  readonly warnings: number;
  readonly warnedVehicles: number;
  /** From the timestamp of the newest message that entered a warning's decision to its arrival, ms; NaN without warnings. */
  readonly publishToWarningMs: Latency;
  /** The same without the first 2 s, in which all vehicles appear at once. */
  readonly settledPublishToWarningMs: Latency;
  /** How late this program itself sent, ms: what is beyond some ms is the generator's, not the platform's. */
  readonly sendLatenessMs: Readonly<Record<'p50' | 'p99', number | null>>;
  readonly seconds: number;
}

/** N vehicles, each a connection of its own, at R messages a second; counts what comes back. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const { graph, access, prefix, vehicles, hz, seconds, seed, stop, onProgress } = options;
  const convoys = new Convoys(graph, vehicles, createRandom(seed));
  const random = createRandom(seed + 1);
  const latencies = new Sample(random);
  const settled = new Sample(random);
  const lateness: number[] = [];
  const warned = new Set<string>();
  let begun = Infinity;
  let warnings = 0;
  let lost = 0;
  let closing = false;
  const onMessage = (topic: string, payload: Uint8Array): void => {
    const arrived = Date.now();
    warnings++;
    warned.add(topic);
    const warning: unknown = JSON.parse(Buffer.from(payload).toString());
    if (warning === null || typeof warning !== 'object' || !('stage' in warning) || warning.stage === 0) return;
    if (!('causeTimestampMs' in warning) || typeof warning.causeTimestampMs !== 'number') return;
    const latency = arrived - warning.causeTimestampMs;
    latencies.add(latency);
    if (arrived - begun > settledMs) settled.add(latency);
  };
  const clients: RawClient[] = [];
  const onClose = (): void => {
    if (!closing) lost++;
  };
  try {
    for (let from = 0; from < vehicles && !stop.aborted; from += together) {
      const opened = await Promise.all(
        Array.from({ length: Math.min(together, vehicles - from) }, async (_, k) => {
          const id = `${prefix}${from + k}`;
          const client = await RawClient.open(access, `${access.user}/${id}`, { onMessage, onClose });
          await client.subscribe(warningTopic(id));
          return client;
        }),
      );
      clients.push(...opened);
    }
    onProgress(`${clients.length} vehicles connected`);
    await options.onStart?.();
    const topics = clients.map((_, n) => telemetryTopic(`${prefix}${n}`));
    const perMs = (hz * clients.length) / 1000;
    const start = Date.now();
    begun = start;
    let sent = 0;
    for (let now = start; now - start < seconds * 1000 && !stop.aborted; now = Date.now()) {
      const due = Math.floor((now - start) * perMs);
      // Answers must be read in between, or their latency would be ours.
      for (const until = Math.min(due, sent + atOnce); sent < until; sent++) {
        const n = sent % clients.length;
        const at = Date.now();
        if (sent % 101 === 0) lateness.push(at - start - sent / perMs);
        clients[n].publish(topics[n], convoys.message(n, (at - start) / 1000, at));
      }
      await (sent < due ? new Promise<void>((resolve) => setImmediate(resolve)) : wait(1));
    }
    const took = (Date.now() - start) / 1000;
    await wait(1500);
    return {
      vehicles: clients.length,
      wantedPerSecond: hz * vehicles,
      sentPerSecond: Math.round(sent / took),
      sent,
      lostConnections: lost,
      warnings,
      warnedVehicles: warned.size,
      publishToWarningMs: latencies.latency(),
      settledPublishToWarningMs: settled.latency(),
      sendLatenessMs: { p50: quantile(lateness, 0.5), p99: quantile(lateness, 0.99) },
      seconds: took,
    };
  } finally {
    closing = true;
    for (const client of clients) client.close();
  }
}

/** A uniform sample of bounded size. */
class Sample {
  readonly #random: Random;
  readonly #kept: number[] = [];
  #seen = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  add(value: number): void {
    this.#seen += 1;
    if (this.#kept.length < mostLatencies) this.#kept.push(value);
    else {
      const at = this.#random.below(this.#seen);
      if (at < mostLatencies) this.#kept[at] = value;
    }
  }

  latency(): Latency {
    return { p50: quantile(this.#kept, 0.5), p99: quantile(this.#kept, 0.99), p999: quantile(this.#kept, 0.999) };
  }
}

/** Null of an empty list. */
export function quantile(values: readonly number[], q: number): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] * 10) / 10;
}
