import { createReadStream } from 'node:fs';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import {
  ClockOffsets,
  type Decoded,
  type DecodedMessage,
  decode,
  decodeOsmAndQuery,
  ownTime,
  VehicleFlag,
} from '../messages/index.ts';
import { type Command, UsageError } from './command.ts';

const help = `Shows how the platform reads a message: the normalised state, or the reason it would be refused.

Usage: npm run rahban -- decode [--topic TOPIC] [--received MS] [--json] FILE...

FILE holds one JSON message, JSON lines, or an OsmAnd query (/?id=...&lat=...); - is standard input.

Options
  --topic TOPIC   the MQTT topic the message came on, e.g. rahban/v1/telemetry/car-7. It names the vehicle and
                  chooses the dialect. Default: none, the dialect is told from the payload, which must name the vehicle.
  --received MS   when the messages arrived, UTC ms. Default: each message's own absolute time (ts, timestamp,
                  recordGeneratedAt ...), so that old recordings decode; now when it has none.
  --json          one JSON object per message, and last a summary {messages, accepted, refused, byReason}.

Dialects: our compact JSON and incident reports, its-client CAM and DENM, USDOT ODE BSM, Traccar/OsmAnd and OwnTracks
phones, vanetza-nap CAM, HSL HFP.
Units printed: m/s, degrees, m/s2, rad/s, m.
Exit code: 0 all were accepted, 1 some were refused, 2 wrong usage.

Example
  echo '{"ts":1790000000000,"lat":43.7384,"lon":7.4246,"speed":12.5,"heading":271}' |
    npm run rahban -- decode --topic rahban/v1/telemetry/car-7 -`;

async function run(args: readonly string[]): Promise<0 | 1 | 2> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { topic: { type: 'string' }, received: { type: 'string' }, json: { type: 'boolean' } },
  });
  if (positionals.length === 0) throw new UsageError('name at least one FILE, or - for standard input');
  const received = values.received === undefined ? undefined : Number(values.received);
  if (received !== undefined && !(Number.isInteger(received) && received >= 0))
    throw new UsageError(`--received ${values.received}: UTC milliseconds are needed, an integer from 0`);

  const clock = new ClockOffsets();
  const byReason: Record<string, number> = {};
  let messages = 0;
  let accepted = 0;
  for (const file of positionals) {
    for (const { where, message } of splitMessages(file, await read(file))) {
      const decoded = decodeOne(values.topic ?? '', message, received, clock);
      messages++;
      if (decoded.ok) accepted++;
      else byReason[decoded.reason] = (byReason[decoded.reason] ?? 0) + 1;
      print(values.json === true ? JSON.stringify({ where, ...decoded }) : `${where}: ${describe(decoded)}`);
    }
  }
  const refused = messages - accepted;
  if (values.json === true) print(JSON.stringify({ messages, accepted, refused, byReason }));
  else print(`${messages} messages: ${accepted} accepted, ${refused} refused`);
  return refused === 0 ? 0 : 1;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function read(file: string): Promise<string> {
  return text(file === '-' ? process.stdin : createReadStream(file));
}

/** A file that parses as a whole is one message; otherwise every line that is not blank is one. */
function splitMessages(file: string, content: string): { where: string; message: string }[] {
  const name = file === '-' ? 'stdin' : file;
  const whole = content.trim();
  if (whole === '') return [{ where: name, message: '' }];
  const lines = whole.split(/\r?\n/);
  if (lines.length === 1 || isJson(whole) || !lines.some(isJson)) return [{ where: name, message: whole }];
  return lines.flatMap((line, index) =>
    line.trim() === '' ? [] : [{ where: `${name}:${index + 1}`, message: line.trim() }],
  );
}

function isJson(candidate: string): boolean {
  try {
    JSON.parse(candidate);
    return true;
  } catch {
    return false;
  }
}

function decodeOne(
  topic: string,
  message: string,
  received: number | undefined,
  clock: ClockOffsets,
): Decoded<DecodedMessage> {
  if (/^\/?\?[^{]*=/.test(message)) {
    const query = Object.fromEntries(new URLSearchParams(message.slice(message.indexOf('?') + 1)));
    const state = decodeOsmAndQuery(query, received ?? Date.now());
    return state.ok ? { ok: true, value: { kind: 'state', state: state.value, dialect: 'osmand' } } : state;
  }
  const payload = new TextEncoder().encode(message);
  return decode(topic, payload, received ?? ownTime(payload) ?? Date.now(), clock);
}

function describe(decoded: Decoded<DecodedMessage>): string {
  if (!decoded.ok) return `refused ${decoded.reason}: ${decoded.detail}`;
  const { value } = decoded;
  if (value.kind === 'hazard') return `accepted hazard ${fields({ ...value.hazard })}`;
  if (value.kind === 'incident') return `accepted incident ${fields({ ...value.report })}`;
  const flags = Object.entries(VehicleFlag).flatMap(([name, bit]) => ((value.state.flags & bit) === 0 ? [] : [name]));
  return `accepted ${value.dialect} ${fields({ ...value.state, flags: flags.join(',') || 'none' })}`;
}

function fields(object: Record<string, unknown>): string {
  return Object.entries(object)
    .map(([key, value]) => {
      if (key.endsWith('Ms') && typeof value === 'number')
        return `${key.slice(0, -2)}=${new Date(value).toISOString()}`;
      return `${key}=${typeof value === 'number' ? Number(value.toFixed(7)) : value}`;
    })
    .join(' ');
}

export default {
  name: 'decode',
  summary: 'show how the platform reads a message, or why it would refuse it',
  help,
  run,
} satisfies Command;
