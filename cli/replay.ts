import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { collisionFilesBeside, readCollisions, readTracks, replay, startPlatformProcess } from '../simulators/index.ts';
import { type Command, UsageError } from './command.ts';

const help = `rahban replay: recorded traffic through the real broker, and what became of it

Usage: npm run rahban -- replay --fcd FILE --map FILE [options]

Starts a platform of its own on free ports with an empty data folder, feeds it the recording in the recording's own time (times
--speed), waits for what follows the last message, and reports. With --mqtt and --http a running platform is used instead.

  --fcd FILE            SUMO FCD XML or track CSV, plain or .gz; may be given several times
  --map FILE            .osm.pbf or SUMO .net.xml[.gz] of the same place
  --collisions FILE     collisions.csv of the recording: counts how many became incidents (within 100 m and 20 s);
                        default: collisions.csv, collisions_secondary.csv or crash_collisions.csv beside the recording
  --speed X             1..50, platform seconds per second (default 4)
  --from S --to S       seconds of the recording (default all of it)
  --mqtt URL --http URL --user U --password P --prefix r-
                        a running platform and a gateway credential of it
  --clock-rate X --clock-origin-ms MS
                        the running platform's clock (default 1: as the wall clock)
  --json                print one JSON object as the last line

Example: npm run rahban -- replay --fcd tracks_1hz.csv.gz --map net.net.xml.gz --collisions collisions.csv --speed 4 --json`;

function numberOf(name: string, text: string, low: number, high: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= low && value <= high))
    throw new UsageError(`--${name} ${text}: expected a number in [${low}, ${high}]`);
  return value;
}

const options = {
  fcd: { type: 'string', multiple: true },
  map: { type: 'string' },
  collisions: { type: 'string' },
  speed: { type: 'string', default: '4' },
  from: { type: 'string' },
  to: { type: 'string' },
  mqtt: { type: 'string' },
  http: { type: 'string' },
  user: { type: 'string' },
  password: { type: 'string' },
  prefix: { type: 'string', default: 'r-' },
  'clock-rate': { type: 'string', default: '1' },
  'clock-origin-ms': { type: 'string', default: '0' },
  json: { type: 'boolean', default: false },
} as const;

/** The platform to replay into, and how to be done with it. */
interface Target {
  readonly mqtt: string;
  readonly http: string;
  readonly user: string;
  readonly password: string;
  readonly clockRate: number;
  readonly clockOriginMs: number;
  readonly close: () => Promise<void>;
}

async function ownPlatform(map: string, speed: number, prefix: string): Promise<Target> {
  const dataDir = await mkdtemp(join(tmpdir(), 'rahban-replay-'));
  const clockOriginMs = Date.now();
  const remove = (): Promise<void> => rm(dataDir, { recursive: true, force: true });
  try {
    const platform = await startPlatformProcess({
      programs: fileURLToPath(new URL('..', import.meta.url)),
      dataDir,
      map,
      clockRate: speed,
      clockOriginMs,
      onText: (text) => void process.stderr.write(text),
    });
    const user = 'replay';
    const password = await platform.addGateway(user, prefix);
    return {
      ...{ mqtt: platform.mqtt, http: platform.http, user, password, clockRate: speed, clockOriginMs },
      close: async () => {
        await platform.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

export default {
  name: 'replay',
  summary: 'recorded traffic through the real broker, compared with its known collisions',
  help,
  async run(args) {
    const { values } = parseArgs({ args: [...args], options });
    const { fcd, map, mqtt, http, user, password, prefix } = values;
    if (fcd === undefined) throw new UsageError('--fcd is missing');
    const speed = numberOf('speed', values.speed, 1, 50);
    const from = values.from === undefined ? Number.NEGATIVE_INFINITY : numberOf('from', values.from, -1e9, 1e9);
    const to = values.to === undefined ? Number.POSITIVE_INFINITY : numberOf('to', values.to, -1e9, 1e9);
    const running = mqtt !== undefined || http !== undefined;
    if (running && (mqtt === undefined || http === undefined || user === undefined || password === undefined))
      throw new UsageError('a running platform needs --mqtt, --http, --user and --password');
    if (!running && map === undefined) throw new UsageError('--map is missing');
    const tracks = await readTracks(fcd);
    if (tracks.count === 0) throw new UsageError('the recording is empty');
    const collisionFiles = values.collisions === undefined ? collisionFilesBeside(fcd[0] ?? '') : [values.collisions];
    const collisions = (await Promise.all(collisionFiles.map(readCollisions))).flat();
    const first = Math.max(from, tracks.time[0]);
    const last = Math.min(to, tracks.time[tracks.count - 1]);
    if (!(last > first)) throw new UsageError(`--from ${from} --to ${to}: nothing of the recording lies there`);
    const stop = new AbortController();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
    const target: Target =
      mqtt !== undefined && http !== undefined && user !== undefined && password !== undefined
        ? {
            ...{ mqtt, http, user, password },
            clockRate: numberOf('clock-rate', values['clock-rate'], 1, 50),
            clockOriginMs: numberOf('clock-origin-ms', values['clock-origin-ms'], 0, 4_102_444_800_000),
            close: async () => undefined,
          }
        : await ownPlatform(map ?? '', speed, prefix);
    try {
      const result = await replay({
        tracks,
        collisions,
        from: first,
        to: last,
        access: { url: target.mqtt, user: target.user, password: target.password },
        http: target.http,
        prefix,
        clockRate: target.clockRate,
        clockOriginMs: target.clockOriginMs,
        stop: stop.signal,
        onProgress: (text) => void process.stderr.write(`${text}\n`),
      });
      process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, undefined, 2)}\n`);
      return stop.signal.aborted ? 1 : 0;
    } finally {
      await target.close();
    }
  },
} satisfies Command;
