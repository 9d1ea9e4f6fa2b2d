import type { HolderKind } from '../access/holder.ts';
import type { AcceptLimits } from '../guard/accept-limiter.ts';

export interface Listener {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port?: number;
}

export interface Rate {
  /** Messages a second in the long run, and at once. */
  readonly perSecond: number;
  readonly burst: number;
}

/** Everything may cross to another thread: plain values only. */
export interface EmbeddedBrokerOptions {
  /** Folder of `credentials.jsonl`. */
  readonly dataDir: string;
  /** Plain MQTT; default 127.0.0.1:1883. */
  readonly tcp?: Listener | false;
  /** MQTT over TLS 1.2 or later, PEM texts; off without them. Port 8883 by default. */
  readonly tls?: Listener & { readonly cert: string; readonly key: string };
  /** MQTT over WebSocket, subprotocol `mqtt`; default 127.0.0.1:9001. With `secure` it uses the certificate of `tls`. */
  readonly ws?: (Listener & { readonly secure?: boolean }) | false;
  /** Plain listeners on addresses other than loopback are refused unless this is set. Default false. */
  readonly allowPlainOutsideLoopback?: boolean;
  /** Open connections over all listeners. Default 10,000. */
  readonly maxConnections?: number;
  /** Connections of one remote address. Default 500 a second, 3,000 at once. */
  readonly accepts?: AcceptLimits;
  /** Messages of one credential, over all its connections. Default vehicle 50/s, burst 200; gateway 50,000/s, burst 100,000. */
  readonly rates?: Partial<Record<Exclude<HolderKind, 'monitor'>, Rate>>;
  /** Default 8,192 bytes. */
  readonly maxTelemetryBytes?: number;
  /** Default 61,440 bytes. */
  readonly maxIncidentBytes?: number;
  /** An incident not stored within this time is refused, so that its sender tries again. Default 10,000 ms. */
  readonly durableTimeoutMs?: number;
  /** Outgoing messages waiting inside the broker before new ones are shed. Default 10,000. */
  readonly maxOutgoing?: number;
  /** Messages kept for one vehicle that is away with a persistent session. Default 100. */
  readonly maxOffline?: number;
  /** UTC milliseconds. Default Date.now. */
  readonly now?: () => number;
}

/** Limits that follow from the protocol or from measurements, not from taste. */
export const fixedLimits = {
  connectBytes: 4096,
  packetBytes: 65_536,
  /** its-client tiles reach 22 digits below a root of two levels. */
  topicLevels: 32,
  /** A client that has this much unread is cut, or at once skipped for QoS 0. */
  unreadBytes: 262_144,
  keepaliveSeconds: 120,
  stopGraceMs: 10_000,
} as const;

export const connectionsPerPrincipal: Record<HolderKind, number> = { vehicle: 4, gateway: 100_000, monitor: 32 };
export const subscriptionsPerClient: Record<HolderKind, number> = { vehicle: 64, gateway: 8192, monitor: 64 };

export type ResolvedOptions = ReturnType<typeof resolveOptions>;

/** Fills the defaults. Throws RangeError with value and legal range when an option is broken. */
export function resolveOptions(options: EmbeddedBrokerOptions) {
  const resolved = {
    dataDir: options.dataDir,
    tcp: listener(options.tcp, 1883),
    tls: options.tls === undefined ? undefined : { ...options.tls, ...address(options.tls, 8883) },
    ws: wsListener(options.ws),
    maxConnections: within('maxConnections', options.maxConnections ?? 10_000, 1, 1_000_000),
    accepts: rate('accepts', options.accepts ?? { perSecond: 500, burst: 3000 }),
    rates: {
      vehicle: rate('rates.vehicle', options.rates?.vehicle ?? { perSecond: 50, burst: 200 }),
      gateway: rate('rates.gateway', options.rates?.gateway ?? { perSecond: 50_000, burst: 100_000 }),
    },
    maxTelemetryBytes: within('maxTelemetryBytes', options.maxTelemetryBytes ?? 8192, 64, 65_536),
    maxIncidentBytes: within('maxIncidentBytes', options.maxIncidentBytes ?? 61_440, 64, 65_536),
    durableTimeoutMs: within('durableTimeoutMs', options.durableTimeoutMs ?? 10_000, 10, 60_000),
    maxOutgoing: within('maxOutgoing', options.maxOutgoing ?? 10_000, 1, 1_000_000),
    maxOffline: within('maxOffline', options.maxOffline ?? 100, 0, 10_000),
    now: options.now ?? Date.now,
  };
  if (resolved.dataDir === '') throw new RangeError('dataDir "": expected a folder');
  if (resolved.ws?.secure === true && resolved.tls === undefined)
    throw new RangeError('ws.secure true: needs tls.cert and tls.key');
  if (options.allowPlainOutsideLoopback !== true)
    for (const plain of [resolved.tcp, resolved.ws?.secure === true ? undefined : resolved.ws])
      if (plain !== undefined && !isLoopback(plain.host))
        throw new RangeError(
          `plain MQTT on ${plain.host}: only loopback is legal without encryption; use tls, or set allowPlainOutsideLoopback`,
        );
  return resolved;
}

function listener(wanted: Listener | false | undefined, port: number): Required<Listener> | undefined {
  return wanted === false ? undefined : address(wanted ?? {}, port);
}

function wsListener(wanted: EmbeddedBrokerOptions['ws']): (Required<Listener> & { secure: boolean }) | undefined {
  return wanted === false ? undefined : { ...address(wanted ?? {}, 9001), secure: wanted?.secure ?? false };
}

function address(wanted: Listener, port: number): Required<Listener> {
  return { host: wanted.host ?? '127.0.0.1', port: within('port', wanted.port ?? port, 0, 65_535) };
}

function rate(name: string, wanted: Rate): Rate {
  if (!(wanted.perSecond > 0 && wanted.perSecond <= 1e6) || !(wanted.burst >= 1 && wanted.burst <= 1e7))
    throw new RangeError(
      `${name} ${JSON.stringify(wanted)}: expected perSecond in (0, 1000000] and burst in [1, 10000000]`,
    );
  return wanted;
}

function within(name: string, value: number, low: number, high: number): number {
  if (!Number.isInteger(value) || value < low || value > high)
    throw new RangeError(`${name} ${value}: expected an integer in [${low}, ${high}]`);
  return value;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
