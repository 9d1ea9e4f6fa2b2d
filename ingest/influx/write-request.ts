import { Buffer } from 'node:buffer';

export interface InfluxTarget {
  /** Base address, http or https. */
  readonly url: string;
  /** v2 and v3: token; 1.x with authentication: `user:password`. */
  readonly token?: string;
  /** v2 (v3 ignores it). */
  readonly org?: string;
  /** v2 bucket, v3 database. */
  readonly bucket?: string;
  /** Speak 1.x to this database (created when missing) instead of v2. */
  readonly v1Database?: string;
  /** Longest time for one request, ms. */
  readonly timeoutMs: number;
}

/** What to do with a batch after one attempt. */
export type Verdict =
  | { readonly kind: 'stored' }
  /** Some line is at fault: send the halves. */
  | { readonly kind: 'split'; readonly detail: string }
  | { readonly kind: 'no-database'; readonly detail: string }
  /** Try the same batch again; `afterMs` when the server said when; `slow` when only a person can mend it. */
  | { readonly kind: 'retry'; readonly detail: string; readonly afterMs?: number; readonly slow: boolean };

/** Refuses a target that cannot work, at start, with the option and the value. */
export function checkTarget(target: InfluxTarget): void {
  const url = URL.canParse(target.url) ? new URL(target.url) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new RangeError(`INFLUX_URL must be an http or https address, not ${target.url}`);
  }
  if (target.v1Database === undefined && (target.bucket === undefined || target.bucket === '')) {
    throw new RangeError('InfluxDB needs INFLUX_BUCKET (v2, v3) or INFLUX_V1_DATABASE (1.x)');
  }
  if (target.v1Database === '') throw new RangeError('INFLUX_V1_DATABASE must not be empty');
}

/** Sends lines once. Never rejects: every outcome is a verdict. */
export async function postLines(target: InfluxTarget, lines: readonly string[], nowMs: () => number): Promise<Verdict> {
  const base = target.url.replace(/\/+$/, '');
  const query =
    target.v1Database === undefined
      ? `/api/v2/write?${new URLSearchParams({ org: target.org ?? '', bucket: target.bucket ?? '', precision: 'ms' })}`
      : `/write?${new URLSearchParams({ db: target.v1Database, precision: 'ms' })}`;
  try {
    const response = await fetch(base + query, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8', ...authorization(target) },
      body: lines.join('\n'),
      redirect: 'error',
      signal: AbortSignal.timeout(target.timeoutMs),
    });
    return judge(response, await response.text(), nowMs());
  } catch (error) {
    return { kind: 'retry', detail: describe(error), slow: false };
  }
}

/** 1.x only: makes the database. Undefined when it is there, else why not. */
export async function createDatabase(target: InfluxTarget): Promise<string | undefined> {
  const name = (target.v1Database ?? '').replace(/["\\]/g, '\\$&');
  try {
    const response = await fetch(`${target.url.replace(/\/+$/, '')}/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...authorization(target) },
      body: new URLSearchParams({ q: `CREATE DATABASE "${name}"` }),
      redirect: 'error',
      signal: AbortSignal.timeout(target.timeoutMs),
    });
    const text = await response.text();
    return response.ok && !text.includes('"error"') ? undefined : `HTTP ${response.status} ${text.slice(0, 300)}`;
  } catch (error) {
    return describe(error);
  }
}

function authorization(target: InfluxTarget): Record<string, string> {
  if (target.token === undefined || target.token === '') return {};
  if (target.v1Database === undefined) return { authorization: `Token ${target.token}` };
  return { authorization: `Basic ${Buffer.from(target.token).toString('base64')}` };
}

function judge(response: Response, body: string, nowMs: number): Verdict {
  const { status, headers } = response;
  const detail = `HTTP ${status} ${body.slice(0, 300)}`;
  if (status >= 200 && status < 300) return { kind: 'stored' };
  if (status === 413) return { kind: 'split', detail };
  // 400: unparsable or partly written (the good lines are stored, sending them again overwrites them); 422: not storable.
  // Only InfluxDB itself may condemn a line: a proxy in front answers 400 to everything when it is set up wrongly.
  if ((status === 400 || status === 422) && isFromInflux(headers, body)) return { kind: 'split', detail };
  if (status === 404) return { kind: 'no-database', detail };
  const afterMs = parseRetryAfter(headers.get('retry-after'), nowMs);
  const slow = status < 500 && status !== 429 && status !== 408;
  return { kind: 'retry', detail, slow, ...(afterMs === undefined ? {} : { afterMs }) };
}

function isFromInflux(headers: Headers, body: string): boolean {
  return (
    headers.has('x-influxdb-version') || headers.has('x-influxdb-error') || /^\s*\{.*"(error|message)"/s.test(body)
  );
}

/** Seconds or an HTTP date (RFC 9110 10.2.3), as ms from now. */
function parseRetryAfter(value: string | null, nowMs: number): number | undefined {
  if (value === null) return undefined;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(value) - nowMs;
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
