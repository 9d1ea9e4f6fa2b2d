export interface ExternalSourceOptions {
  /** mqtt:, mqtts:, ws: or wss:, with user and password when the broker wants them. */
  readonly url: string;
  /** Folder that keeps this platform's client id, so that the broker finds its session again after a restart. */
  readonly dataDir: string;
  /** Used instead of the kept one. 1..64 characters of A-Z a-z 0-9 _ - ; `-in` and `-durable` are appended for the two connections. */
  readonly clientId?: string;
  /** PEM texts; the system's authorities are trusted by default. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  /** Messages that wait for the broker or for its acknowledgement before new ones are shed. Default 10,000. */
  readonly maxOutgoing?: number;
  /** Longest pause between two attempts to connect. Default 30,000 ms. */
  readonly maxBackOffMs?: number;
  /** How long `start` waits for the first connection before it returns and goes on trying. Default 5,000 ms. */
  readonly startTimeoutMs?: number;
  /** UTC milliseconds. Default Date.now. */
  readonly now?: () => number;
  /** [0, 1). Default Math.random. */
  readonly random?: () => number;
}

export type ResolvedExternal = ReturnType<typeof resolveExternal>;

/** Fills the defaults. Throws RangeError with value and legal range. */
export function resolveExternal(options: ExternalSourceOptions) {
  const { url, dataDir, clientId, tls = {} } = options;
  if (!URL.canParse(url) || !['mqtt:', 'mqtts:', 'ws:', 'wss:'].includes(new URL(url).protocol))
    throw new RangeError(`MQTT_URL ${withoutSecret(url)}: expected mqtt://, mqtts://, ws:// or wss://`);
  if (clientId !== undefined && !/^[A-Za-z0-9_-]{1,64}$/.test(clientId))
    throw new RangeError(`clientId ${JSON.stringify(clientId)}: expected 1..64 characters of A-Z a-z 0-9 _ -`);
  return {
    url,
    dataDir,
    clientId,
    tls,
    shownUrl: withoutSecret(url),
    maxOutgoing: within('maxOutgoing', options.maxOutgoing ?? 10_000, 1, 1_000_000),
    maxBackOffMs: within('maxBackOffMs', options.maxBackOffMs ?? 30_000, 10, 600_000),
    startTimeoutMs: within('startTimeoutMs', options.startTimeoutMs ?? 5000, 0, 600_000),
    now: options.now ?? Date.now,
    random: options.random ?? Math.random,
  };
}

function withoutSecret(url: string): string {
  if (!URL.canParse(url)) return JSON.stringify(url.slice(0, 16));
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

function within(name: string, value: number, low: number, high: number): number {
  if (!Number.isInteger(value) || value < low || value > high)
    throw new RangeError(`${name} ${value}: expected an integer in [${low}, ${high}]`);
  return value;
}
