import { BlockList, isIP } from 'node:net';

export interface ApiConfig {
  readonly host: string;
  /** 0 = a free one. */
  readonly port: number;
  /** Folder of the built web app; where it does not exist only the API is served. */
  readonly webRoot: string;
  readonly demo: boolean;
  readonly version: string;
  /** Shown on every map. */
  readonly attribution: string;
  /** Origins, besides our own, whose pages may open the live stream. */
  readonly allowedOrigins: readonly string[];
  /** Addresses or CIDR blocks whose `X-Forwarded-*` is believed; empty = nobody. */
  readonly trustedProxies: readonly string[];
  /** Per address, tiles and fonts not counted; a hundredth of it may be tries to sign in. Default 6000. */
  readonly requestsPerMinute?: number;
  /** Live streams of one address. Default 20. */
  readonly streamsPerAddress?: number;
  /** Live streams of all. Default 2000. */
  readonly streams?: number;
  /** Period of the vehicles frame, ms. Default 1000. */
  readonly streamTickMs?: number;
  /** Longest wait for answers in flight at `close()`, ms. Default 4000. */
  readonly drainMs?: number;
}

export type CheckedConfig = Required<ApiConfig>;

const ranges = {
  port: [0, 65_535],
  requestsPerMinute: [1, 1_000_000],
  streamsPerAddress: [1, 10_000],
  streams: [1, 100_000],
  streamTickMs: [50, 60_000],
  drainMs: [0, 5_000],
} as const;

/**
 * Fills the defaults in.
 * @throws RangeError naming the option, its value and the legal range.
 */
export function checkConfig(config: ApiConfig): CheckedConfig {
  const checked: CheckedConfig = {
    requestsPerMinute: 6000,
    streamsPerAddress: 20,
    streams: 2000,
    streamTickMs: 1000,
    drainMs: 4000,
    ...config,
  };
  for (const [name, [low, high]] of Object.entries(ranges) as [keyof typeof ranges, readonly [number, number]][]) {
    const value = checked[name];
    if (!Number.isInteger(value) || value < low || value > high)
      throw new RangeError(`api ${name}: ${value}; legal: a whole number from ${low} to ${high}`);
  }
  for (const block of checked.trustedProxies) checkBlock(block);
  for (const origin of checked.allowedOrigins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      throw new RangeError(`api allowedOrigins: ${JSON.stringify(origin)}; legal: scheme://host[:port] without a path`);
  }
  return checked;
}

function checkBlock(block: string): void {
  const [address = '', prefix, ...rest] = block.split('/');
  const family = isIP(address);
  const bits = family === 6 ? 128 : 32;
  const legal =
    family !== 0 && rest.length === 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits));
  if (!legal)
    throw new RangeError(`api trustedProxies: ${JSON.stringify(block)}; legal: an IP address or a CIDR block`);
  if (prefix !== undefined) new BlockList().addSubnet(address, Number(prefix), family === 6 ? 'ipv6' : 'ipv4');
}
