import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import {
  createEmbeddedBroker,
  createExternalSource,
  type EmbeddedBrokerOptions,
  type ExternalSourceOptions,
  type IncomingMessage,
} from '../broker/index.ts';
import { createClock } from '../clock.ts';
import { BlackBox, FleetRegistry, MailboxWriter, Pipeline } from '../ingest/index.ts';
import { createLog } from '../log.ts';
import {
  ClockOffsets,
  type Decoded,
  type DecodedMessage,
  decode,
  decodeOsmAndQuery,
  decodePhoneJson,
  type Hazard,
  parseTopic,
} from '../messages/index.ts';
import { decodeGraph } from '../roads/graph/index.ts';
import { createDurableDesk } from './durable-desk.ts';
import { hazardClassOf } from './hazard-class.ts';
import type { CoreToDoor, DoorToHouse, HouseToDoor, ToCore } from './protocol.ts';
import { createWarningDesk } from './warning-desk.ts';

/** What the house hands to the door's thread at its start. */
export interface DoorThreadData {
  readonly graph: SharedArrayBuffer;
  readonly mailbox: SharedArrayBuffer;
  readonly capacity: number;
  readonly blackBoxMiB: number;
  readonly clockRate: number;
  readonly clockOriginMs: number;
  readonly runId: string;
  readonly logLevel: string;
  /** The embedded broker's options, or those of the client of an external one. */
  readonly embedded: Omit<EmbeddedBrokerOptions, 'now'> | undefined;
  readonly external: ExternalSourceOptions | undefined;
  readonly core: MessagePort;
}

/** Topics on which the house feeds what telephones sent over HTTP; not reachable over MQTT. */
const phoneQueryTopic = 'phone-query/';
const phoneBodyTopic = 'phone-body/';

const data = workerData as DoorThreadData;
const house = parentPort;
if (house === null) throw new Error('threads/door runs as a worker thread only');
const log = createLog(data.logLevel, 'door');
const clock = createClock(data.clockRate, data.clockOriginMs);
const toHouse = (message: DoorToHouse): void => house.postMessage(message);
const toCore = (message: ToCore): void => data.core.postMessage(message);

const registry = new FleetRegistry({ capacity: data.capacity });
const blackBox = new BlackBox({ bytes: data.blackBoxMiB * 1024 * 1024 });
const clockOffsets = new ClockOffsets();
let lastRefusal = '';
const pipeline = new Pipeline<DecodedMessage>({
  decode: decodeAny,
  registry,
  mailbox: new MailboxWriter(data.mailbox),
  blackBox,
  onOther: (message) => {
    if (message.kind === 'hazard') raiseHazard(message.hazard);
  },
  onDrop: (reason, _topic, _receivedMs, detail) => {
    lastRefusal = detail === '' ? reason : `${reason}: ${detail}`;
  },
});
registry.onAssign((slot, generation, vehicleId) => toHouse({ type: 'assigned', slot, generation, vehicleId }));

function decodeAny(topic: string, payload: Uint8Array, receivedMs: number): Decoded<DecodedMessage> {
  if (topic.startsWith(phoneQueryTopic))
    return phoneState(
      decodeOsmAndQuery(JSON.parse(Buffer.from(payload).toString('utf8')) as Record<string, string>, receivedMs),
    );
  if (topic.startsWith(phoneBodyTopic))
    return phoneState(decodePhoneJson(payload, receivedMs, topic.slice(phoneBodyTopic.length)));
  return decode(topic, payload, receivedMs, clockOffsets);
}

function phoneState(decoded: ReturnType<typeof decodePhoneJson>): Decoded<DecodedMessage> {
  return decoded.ok ? { ok: true, value: { kind: 'state', state: decoded.value, dialect: 'osmand' } } : decoded;
}

/** A danger told by another station becomes a hazard of the core; its author's confidence is kept below certainty. */
function raiseHazard(hazard: Hazard): void {
  const kind = hazardClassOf(hazard.causeCode);
  const validMs = hazard.validUntilMs - clock.nowMs();
  if (kind === undefined || hazard.termination !== undefined || validMs <= 0) return;
  toCore({
    type: 'raise-hazard',
    kind,
    lat: hazard.lat,
    lon: hazard.lon,
    headingDeg: hazard.headingDeg ?? Number.NaN,
    confidence: Math.min(0.95, hazard.quality ?? 0.9),
    validMs,
  });
}

const durable = createDurableDesk(toHouse);
/**
 * Messages taken between two looks at the core's port. One turn of the event loop reads every socket that has something, up to
 * 64 KiB each: with thousands of vehicles behind, a warning that waited for its turn would wait seconds.
 */
const messagesBetweenLooks = 64;
let sinceLook = 0;

function sendWaitingWarnings(): void {
  sinceLook = 0;
  for (let next = receiveMessageOnPort(data.core); next !== undefined; next = receiveMessageOnPort(data.core))
    takeAlerts(next.message as CoreToDoor);
}

function takeAlerts(message: CoreToDoor): void {
  const sent = warnings.send(message.events);
  if (sent.length > 0) toHouse({ type: 'warnings', warnings: sent });
}

const handlers = {
  onMessage: (message: IncomingMessage): void => {
    pipeline.accept(message.topic, message.payload, message.receivedMs);
    sinceLook += 1;
    if (sinceLook >= messagesBetweenLooks) sendWaitingWarnings();
  },
  onDurable: async (message: IncomingMessage): Promise<void> => {
    const at = parseTopic(message.topic);
    if (at.kind === 'v2x') pipeline.accept(message.topic, message.payload, message.receivedMs);
    await durable.keep(message, at.kind === 'incident' ? at.vehicleId : at.kind === 'v2x' ? at.uuid : '');
  },
};
const source =
  data.external !== undefined
    ? createExternalSource(data.external, handlers, log)
    : createEmbeddedBroker({ ...(data.embedded as EmbeddedBrokerOptions), now: clock.nowMs }, handlers, log);

function publish(topic: string, payload: string, retain = false): void {
  source
    .publish(topic, payload, { qos: 1, retain })
    .catch((error: unknown) => log.error({ error, topic }, 'publish failed'));
}
const warnings = createWarningDesk(
  registry,
  decodeGraph(new Uint8Array(data.graph), true),
  publish,
  data.runId,
  clock.nowMs,
);

data.core.on('message', takeAlerts);

function answerPhone(order: Extract<HouseToDoor, { type: 'phone' }>): void {
  lastRefusal = '';
  const topic = `${order.query === null ? phoneBodyTopic : phoneQueryTopic}${order.vehicleId}`;
  const payload = order.query === null ? order.payload : Buffer.from(JSON.stringify(order.query));
  pipeline.accept(topic, payload, clock.nowMs());
  toHouse({ type: 'phone-answer', requestId: order.requestId, reason: lastRefusal });
}

/** What the black box holds rises and falls. */
const boxGauges = new Set(['records', 'bytesUsed']);

function report(): void {
  const { dropped, blackBox: box, ...counts } = pipeline.counters();
  const ingest: Record<string, number> = { ...counts, ...warnings.counters() };
  for (const [reason, count] of Object.entries(dropped)) ingest[`dropped:${reason}`] = count;
  for (const [name, count] of Object.entries(box))
    ingest[`blackBox_${name}${boxGauges.has(name) ? 'Now' : ''}`] = count;
  toHouse({ type: 'door-counters', broker: source.counters(), ingest });
}

async function stop(): Promise<void> {
  clearInterval(everySecond);
  // The broker lets incidents in flight finish first; the house answers them until the door says it has stopped.
  await source.stop();
  durable.refuseAll();
  report();
  toCore({ type: 'stop' });
  toHouse({ type: 'door-stopped' });
  data.core.close();
  house?.removeAllListeners('message');
  house?.close();
}

house.on('message', (order: HouseToDoor) => {
  switch (order.type) {
    case 'durable-done':
      durable.done(order.requestId, order.ok, order.error);
      break;
    case 'read-black-box':
      toHouse({
        type: 'black-box',
        requestId: order.requestId,
        messages: blackBox.read(order.vehicleIds, order.fromMs, order.toMs),
      });
      break;
    case 'phone':
      answerPhone(order);
      break;
    case 'publish':
      publish(order.topic, order.payload, order.retain);
      break;
    case 'stop':
      stop().catch((error: unknown) => {
        log.error({ error }, 'the door did not stop cleanly');
        toHouse({ type: 'door-stopped' });
      });
      break;
  }
});

const everySecond = setInterval(() => {
  pipeline.everySecond(clock.nowMs());
  report();
}, 1000);

try {
  const addresses = await source.start();
  report();
  toHouse({ type: 'door-ready', addresses: { ...addresses } });
} catch (error) {
  // The system's own error, where the broker put its words around it: the house tells from it which option to change.
  const root = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = root !== null && typeof root === 'object' && 'code' in root ? String(root.code) : '';
  toHouse({ type: 'door-failed', message: root instanceof Error ? root.message : String(root), code });
}
