import type { CongestionRow } from '../congestion/congestion-row.ts';

export interface Point {
  readonly measurement: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Numbers are floats; those that are not finite are left out, as are empty tags. */
  readonly fields: Readonly<Record<string, number | string | boolean>>;
  readonly timestampMs: number;
}

/**
 * One line of InfluxDB's line protocol without its newline, precision ms; undefined when no field is left or the time is not
 * a whole number.
 *
 * Line protocol has no escape for a backslash in names and tags: one before a comma, space, equals sign, another backslash or
 * the end would swallow the separator that follows. Such a backslash is written as a slash. Control characters (a newline ends
 * a line, wherever it stands) are written as a space.
 */
export function encodeLine(point: Point): string | undefined {
  if (!Number.isSafeInteger(point.timestampMs)) return undefined;
  // Maps: two keys that are written alike must not make a key twice.
  const fields = new Map<string, string>();
  for (const [key, value] of Object.entries(point.fields)) {
    if (key !== '' && (typeof value !== 'number' || Number.isFinite(value))) fields.set(name(key), fieldValue(value));
  }
  if (fields.size === 0 || point.measurement === '') return undefined;
  const tags = new Map<string, string>();
  for (const [key, value] of Object.entries(point.tags ?? {})) {
    if (key !== '' && value !== '') tags.set(name(key), name(value));
  }
  const joined = (pairs: Map<string, string>): string[] => Array.from(pairs, ([key, value]) => `${key}=${value}`);
  const series = [measurementName(point.measurement), ...joined(tags).sort()].join(',');
  return `${series} ${joined(fields).join(',')} ${point.timestampMs}`;
}

/** A congestion row as a line: measurement `congestion`, tag `edge`. */
export function congestionLine(row: CongestionRow): string | undefined {
  return encodeLine({
    measurement: 'congestion',
    tags: { edge: String(row.edge) },
    fields: {
      mean_speed: row.meanSpeed,
      samples: row.samples,
      vehicles: row.vehicles,
      free_flow: row.freeFlow,
      jam_factor: row.jamFactor,
    },
    timestampMs: row.minuteMs,
  });
}

const control = /\p{Cc}/gu;

function plain(text: string): string {
  return text.replace(control, ' ').replace(/\\(?=[\\,= ]|$)/g, '/');
}

function name(text: string): string {
  return plain(text).replace(/[,= ]/g, '\\$&');
}

/** A line that begins with `#` would be a comment. */
function measurementName(text: string): string {
  return plain(text).replace(/^#/, '_').replace(/[, ]/g, '\\$&');
}

function fieldValue(value: number | string | boolean): string {
  if (typeof value !== 'string') return String(value);
  return `"${value.replace(control, ' ').replace(/["\\]/g, '\\$&')}"`;
}
