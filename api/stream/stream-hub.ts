import type { IncidentSummary, LiveWarning, SegmentUpdate, StreamFrame, StreamRequest } from '../../messages/index.ts';
import type { CongestionView, VehicleScope, VehicleView } from '../deps.ts';
import { publicView } from '../incident-views.ts';
import { seesAllVehicles } from '../principal.ts';
import type { StreamClient } from './stream-client.ts';

export interface HubDeps {
  readonly vehicles: VehicleView;
  readonly congestion: CongestionView;
  readonly isLive: (sessionId: string) => Promise<boolean>;
  readonly nowMs: () => number;
  readonly wallNowMs: () => number;
  readonly tickMs: number;
  readonly noteCut: (reason: CutReason) => void;
  readonly noteError: (error: unknown) => void;
}
export type CutReason = 'stalled' | 'silent' | 'session-over' | 'bad-request' | 'shutdown';

/** Vehicles of one frame at most. */
const vehiclesPerFrame = 5000;
const segmentsPerFrame = 2000;
const pingMs = 30_000;
const sessionCheckMs = 15_000;
const stallCheckMs = 250;
/** Close code for a session that ended: the client signs in again and comes back. */
export const sessionOverCode = 4401;

/** All live streams: a vehicles frame a tick for what each has in view, everything else as it happens. */
export class StreamHub {
  readonly #deps: HubDeps;
  readonly #clients = new Set<StreamClient>();
  readonly #ofAddress = new Map<string, number>();
  readonly #timers: NodeJS.Timeout[];
  #congestionRevision = 0;

  constructor(deps: HubDeps) {
    this.#deps = deps;
    this.#congestionRevision = deps.congestion.changedSince(0).revision;
    this.#timers = [
      setInterval(() => this.#guarded(() => this.#tick()), deps.tickMs),
      setInterval(() => this.#cutStalled(), stallCheckMs),
      setInterval(() => this.#cutSilent(), pingMs),
      setInterval(() => void this.#cutRevoked(), sessionCheckMs),
    ];
  }

  get size(): number {
    return this.#clients.size;
  }

  countOf(address: string): number {
    return this.#ofAddress.get(address) ?? 0;
  }

  add(client: StreamClient): void {
    this.#clients.add(client);
    this.#ofAddress.set(client.address, this.countOf(client.address) + 1);
  }

  remove(client: StreamClient): void {
    if (!this.#clients.delete(client)) return;
    const left = this.countOf(client.address) - 1;
    if (left > 0) this.#ofAddress.set(client.address, left);
    else this.#ofAddress.delete(client.address);
  }

  /** The client's wish replaces its last one and is answered at once. */
  subscribe(client: StreamClient, request: StreamRequest): void {
    const news = request.channels.includes('congestion') && !client.wants('congestion');
    client.request = request;
    this.#guarded(() => {
      if (news) sendSegments(client, this.#deps.nowMs(), this.#deps.congestion.changedSince(0).items);
      this.#sendVehicles(client);
    });
  }

  /** Everybody learns of the place; who is warned is for those who may see vehicles, and for the driver's own. */
  pushWarning(item: LiveWarning): void {
    const { vehicleId, ...place } = item;
    const full = JSON.stringify({ type: 'warning', item } satisfies StreamFrame);
    const open = JSON.stringify({ type: 'warning', item: place } satisfies StreamFrame);
    for (const client of this.#clients) {
      if (!client.wants('warnings')) continue;
      const { principal } = client;
      const own = principal.kind === 'account' && vehicleId !== undefined && principal.vehicleId === vehicleId;
      client.sendText('warning', own || seesAllVehicles(principal) ? full : open);
    }
  }

  pushIncident(item: IncidentSummary): void {
    const text = JSON.stringify({ type: 'incident', item: publicView(item) } satisfies StreamFrame);
    for (const client of this.#clients) if (client.wants('incidents')) client.sendText('incident', text);
  }

  cut(client: StreamClient, code: number, reason: CutReason): void {
    if (!this.#clients.has(client)) return;
    this.#deps.noteCut(reason);
    client.close(code, reason);
  }

  /** Ends every stream with 1001 and stops the timers. */
  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const client of this.#clients) this.cut(client, 1001, 'shutdown');
  }

  terminateAll(): void {
    for (const client of this.#clients) client.terminate();
  }

  #tick(): void {
    const { congestion, nowMs, wallNowMs } = this.#deps;
    const now = wallNowMs();
    const changed = congestion.changedSince(this.#congestionRevision);
    this.#congestionRevision = changed.revision;
    for (const client of this.#clients) {
      if (client.principal.kind === 'account' && client.principal.expiresMs <= now) {
        this.cut(client, sessionOverCode, 'session-over');
        continue;
      }
      if (changed.items.length > 0 && client.wants('congestion')) sendSegments(client, nowMs(), changed.items);
      this.#sendVehicles(client);
    }
  }

  #sendVehicles(client: StreamClient): void {
    const { view } = client.request;
    if (view === undefined || !client.wants('vehicles')) return;
    const scope: VehicleScope = seesAllVehicles(client.principal) ? 'all' : 'public-transport';
    const { total, items } = this.#deps.vehicles.inView(view, vehiclesPerFrame, scope);
    client.send({ type: 'vehicles', t: this.#deps.nowMs(), total, items });
  }

  #cutStalled(): void {
    for (const client of this.#clients) {
      if (!client.stalled()) continue;
      this.#deps.noteCut('stalled');
      client.terminate();
    }
  }

  #cutSilent(): void {
    for (const client of this.#clients) {
      if (client.checkAlive()) continue;
      this.#deps.noteCut('silent');
      client.terminate();
    }
  }

  async #cutRevoked(): Promise<void> {
    for (const client of [...this.#clients]) {
      if (client.principal.kind !== 'account') continue;
      try {
        if (!(await this.#deps.isLive(client.principal.sessionId))) this.cut(client, sessionOverCode, 'session-over');
      } catch (error) {
        this.#deps.noteError(error);
        this.cut(client, sessionOverCode, 'session-over');
      }
    }
  }

  /** A view that throws must not end the timer that serves everybody. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#deps.noteError(error);
    }
  }
}

function sendSegments(client: StreamClient, t: number, items: readonly SegmentUpdate[]): void {
  for (let from = 0; from < items.length; from += segmentsPerFrame)
    client.send({ type: 'congestion', t, items: items.slice(from, from + segmentsPerFrame) });
}
