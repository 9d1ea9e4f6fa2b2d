import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import mqtt from 'mqtt';
import { decode, telemetryTopic } from '../messages/index.ts';
import { type Command, UsageError } from './command.ts';

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}

const patienceMs = 5_000;
const leastFreeBytes = 1024 ** 3;

const help = `Usage: npm run rahban -- doctor [--data-dir DIR] [--http URL] [--mqtt URL --user ID --password P [--message FILE]] [--json]

Looks at what a platform needs on this machine, at a running platform, and at a vehicle's way into it:
  --data-dir DIR   is it writable, is there room (default RAHBAN_DATA_DIR or ./data)
  --http URL       is the platform ready (default http://127.0.0.1:8080)
  --mqtt URL       can this credential connect; with --message, one telemetry message (JSON) is published and the
                   platform's counters tell whether it was accepted, or for which reason it was refused

Exit code 0 when every check is good, 1 when one is not, 2 for wrong usage.
Example: npm run rahban -- doctor --mqtt mqtt://127.0.0.1:1883 --user car-a --password SECRET --message state.json`;

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return { check: 'Node.js', ok, detail: `${process.versions.node}${ok ? '' : '; 20.19 or newer is needed'}` };
}

function checkDataDir(path: string): Finding {
  let folder = resolve(path);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    const free = bavail * bsize;
    return {
      check: 'data folder',
      ok: free >= leastFreeBytes,
      detail: `${resolve(path)}: ${(free / 1024 ** 3).toFixed(1)} GiB free`,
    };
  } catch (error) {
    return {
      check: 'data folder',
      ok: false,
      detail: `${folder}: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

async function textOf(url: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(patienceMs) });
  return { status: answer.status, text: await answer.text() };
}

async function checkReady(http: string): Promise<Finding> {
  try {
    const { status, text } = await textOf(new URL('readyz', http).href);
    return { check: 'platform', ok: status === 200, detail: text.slice(0, 400) };
  } catch (error) {
    return {
      check: 'platform',
      ok: false,
      detail: `${http} does not answer: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

/** Accepted messages and refusals by reason, from /metrics. */
async function ingestCounters(http: string): Promise<Map<string, number>> {
  const { text } = await textOf(new URL('metrics', http).href);
  const counters = new Map<string, number>();
  for (const [, reason, value] of text.matchAll(/^rahban_ingest_dropped_total\{reason="([^"]+)"\} (\d+)/gm))
    counters.set(reason ?? '', Number(value));
  counters.set('accepted', Number(/^rahban_ingest_accepted_total (\d+)/m.exec(text)?.[1] ?? 0));
  return counters;
}

/** The counters are read once a second: waits until one has moved. */
async function whatHappened(http: string, before: ReadonlyMap<string, number>): Promise<string | undefined> {
  for (const end = Date.now() + patienceMs; Date.now() < end; ) {
    for (const [name, value] of await ingestCounters(http)) if (value > (before.get(name) ?? 0)) return name;
    await new Promise((later) => setTimeout(later, 200));
  }
  return undefined;
}

async function checkVehicle(
  url: string,
  user: string,
  password: string,
  http: string,
  message: string | undefined,
): Promise<Finding[]> {
  const client = mqtt.connect(url, {
    protocolVersion: 4,
    username: user,
    password,
    clientId: `${user}/doctor`,
    reconnectPeriod: 0,
    connectTimeout: patienceMs,
  });
  try {
    await new Promise<void>((connected, refused) => {
      client.once('connect', () => connected());
      client.once('error', refused);
      client.once('close', () => refused(new Error('the broker closed the connection')));
    });
    const findings: Finding[] = [{ check: 'connection', ok: true, detail: `${user} is connected to ${url}` }];
    if (message === undefined) return findings;
    const payload = readFileSync(message);
    const local = decode(telemetryTopic(user), payload, Date.now());
    findings.push({
      check: 'message',
      ok: local.ok,
      detail: local.ok ? JSON.stringify(local.value) : `${local.reason}: ${local.detail}`,
    });
    const before = await ingestCounters(http);
    await client.publishAsync(telemetryTopic(user), payload, { qos: 1 });
    const outcome = await whatHappened(http, before);
    findings.push({
      check: 'acceptance',
      ok: outcome === 'accepted',
      detail:
        outcome === undefined
          ? 'the counters of the platform did not move'
          : outcome === 'accepted'
            ? 'accepted by the platform'
            : `refused by the platform: ${outcome}`,
    });
    return findings;
  } catch (error) {
    return [
      { check: 'connection', ok: false, detail: `${url}: ${error instanceof Error ? error.message : String(error)}` },
    ];
  } finally {
    client.end(true);
  }
}

export default {
  name: 'doctor',
  summary: 'check this machine, a running platform, and why a vehicle does not get in',
  help,
  run: async (args) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        'data-dir': { type: 'string' },
        http: { type: 'string', default: 'http://127.0.0.1:8080' },
        mqtt: { type: 'string' },
        user: { type: 'string' },
        password: { type: 'string' },
        message: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    if (!URL.canParse(values.http)) throw new UsageError(`--http ${values.http}: expected a URL`);
    if (values.mqtt !== undefined && (values.user === undefined || values.password === undefined))
      throw new UsageError('--mqtt needs --user and --password');
    const findings = [
      checkNode(),
      checkDataDir(values['data-dir'] ?? process.env.RAHBAN_DATA_DIR ?? './data'),
      await checkReady(values.http),
    ];
    if (values.mqtt !== undefined)
      findings.push(
        ...(await checkVehicle(values.mqtt, values.user ?? '', values.password ?? '', values.http, values.message)),
      );
    for (const { check, ok, detail } of findings)
      process.stdout.write(`${ok ? 'good' : 'BAD '}  ${check.padEnd(12)} ${detail}\n`);
    if (values.json) process.stdout.write(`${JSON.stringify({ ok: findings.every(({ ok }) => ok), findings })}\n`);
    return findings.every(({ ok }) => ok) ? 0 : 1;
  },
} satisfies Command;
