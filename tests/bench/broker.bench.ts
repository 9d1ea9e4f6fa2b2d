// `npm run bench -- broker [--vehicles 2000] [--hz 10] [--seconds 10] [--batch 1] [--json]`: telemetry over real TCP connections into
// the embedded broker. Reports what arrived, CPU of the broker a message, and the time from write to handler.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { connectPacket, publishPacket, RawConnection } from '../broker/raw-mqtt.ts';

const { values } = parseArgs({
  options: {
    vehicles: { type: 'string', default: '2000' },
    hz: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '10' },
    batch: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const vehicles = Number(values.vehicles);
const hz = Number(values.hz);
const seconds = Number(values.seconds);
const batch = Number(values.batch);

interface Reading {
  readonly received: number;
  readonly cpuMicros: number;
  readonly delaysMs: readonly number[];
  readonly connectedNow: number;
  readonly rss: number;
}

const broker = fork(new URL('./broker-process.ts', import.meta.url), { serialization: 'advanced' });
const [{ port, secret }] = await once(broker, 'message');

async function ask(question: 'read' | 'reset' | 'stop'): Promise<Reading> {
  broker.send(question);
  const [reading] = await once(broker, 'message');
  return reading;
}

const state = { lat: 43.7384123, lon: 7.4246158, speed: 13.89, heading: 271.5, accel: 0.12, yawRate: 0.01 };
const payload = JSON.stringify({
  ts: 1_790_000_000_000,
  ...state,
  accuracy: 1.5,
  length: 4.5,
  width: 1.8,
  type: 'car',
});
const topic = (n: number): string => `rahban/v1/telemetry/car-${n}`;
const connections: RawConnection[] = [];
const packets: Buffer[] = [];
const connectStart = performance.now();
for (let from = 0; from < vehicles; from += 100)
  await Promise.all(
    Array.from({ length: Math.min(100, vehicles - from) }, async (_, k) => {
      const n = from + k;
      const raw = await RawConnection.open(port);
      const answer = await raw.ask(
        connectPacket({ clientId: `bench/${n}`, username: 'bench', password: secret, keepalive: 120 }),
      );
      if (answer[3] !== 0) throw new Error(`connection ${n} refused with code ${answer[3]}`);
      connections[n] = raw;
      packets[n] = Buffer.concat(Array.from({ length: batch }, () => publishPacket(topic(n), payload)));
    }),
  );
const connectMs = performance.now() - connectStart;

let sent = 0;
/** Writes at the wanted rate; when this machine cannot generate it, as fast as it can. Every 97th message carries its time. */
async function drive(forMs: number): Promise<number> {
  const start = performance.now();
  for (let next = 0, at = start; at - start < forMs; at = performance.now()) {
    for (const due = Math.floor(((at - start) / 1000) * hz * vehicles); next < due; next += 1) {
      const n = next % vehicles;
      const time = performance.timeOrigin + performance.now();
      const marked = next % 97 === 0;
      connections[n]?.socket.write(marked ? publishPacket(topic(n), `${payload} ${time}\n`) : (packets[n] ?? ''));
      sent += marked ? 1 : batch;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return performance.now() - start;
}

async function settle(): Promise<Reading> {
  let reading = await ask('read');
  for (
    const end = performance.now() + 10_000;
    reading.received < sent && performance.now() < end;
    reading = await ask('read')
  )
    await new Promise((resolve) => setTimeout(resolve, 20));
  return reading;
}

await drive(2000);
await settle();
const before = await ask('reset');
const sentBefore = sent;
const tookMs = await drive(seconds * 1000);
const after = await settle();
await ask('stop');

const received = after.received - before.received;
const delays = [...after.delaysMs].sort((a, b) => a - b);
const quantile = (q: number): number => Number((delays[Math.floor(q * (delays.length - 1))] ?? Number.NaN).toFixed(2));
const result = {
  vehicles,
  wantedPerSecond: vehicles * hz * batch,
  sentPerSecond: Math.round(((sent - sentBefore) / tookMs) * 1000),
  sent: sent - sentBefore,
  received,
  lost: sent - sentBefore - received,
  brokerCpuMicrosPerMessage: Number(((after.cpuMicros - before.cpuMicros) / received).toFixed(2)),
  brokerCores: Number(((after.cpuMicros - before.cpuMicros) / 1000 / tookMs).toFixed(3)),
  writeToHandlerMs: { p50: quantile(0.5), p99: quantile(0.99), p999: quantile(0.999) },
  connectMs: Math.round(connectMs),
  brokerRssMb: Math.round(after.rss / 2 ** 20),
  payloadBytes: payload.length,
};
process.stdout.write(
  values.json
    ? `${JSON.stringify(result)}\n`
    : `${result.received} of ${result.sent} at ${result.sentPerSecond}/s, ${result.brokerCpuMicrosPerMessage} us CPU a message, ` +
        `write to handler p50 ${result.writeToHandlerMs.p50} ms, p99 ${result.writeToHandlerMs.p99} ms\n`,
);
process.exit(result.lost === 0 ? 0 : 1);
