import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { createClock } from '../clock.ts';
import { createEngine } from '../collision/index.ts';
import { createCrashDetector } from '../incidents/detect/index.ts';
import { MailboxKind, MailboxReader } from '../ingest/index.ts';
import { decodeGraph } from '../roads/graph/index.ts';
import type { CoreToDoor, CoreToHouse, ToCore } from './protocol.ts';

/** What the house hands to the core's thread at its start. */
export interface CoreThreadData {
  readonly graph: SharedArrayBuffer;
  readonly mailbox: SharedArrayBuffer;
  readonly fleet: SharedArrayBuffer;
  readonly capacity: number;
  readonly friction: number;
  /** What an earlier run learned of the city's drivers. */
  readonly learned: Uint8Array | undefined;
  readonly clockRate: number;
  readonly clockOriginMs: number;
  readonly door: MessagePort;
}

/** Platform ms between two beats (10 Hz), states taken between two looks at the clock, and the longest nap, wall ms. */
const tickPeriodMs = 100;
/** Wall ms between two ticks of the engine while states come in: nobody for whom something presses waits for the beat. */
const lookPeriodMs = 10;
const statesPerTurn = 512;
const longestNapMs = 20;
const reportEveryMs = 1000;
/** What was learned is handed to the house this often, wall ms. */
const learnedEveryMs = 5 * 60_000;
/** A crash this likely stops the road for everybody behind it at once (log-odds of 99 %). */
const hazardLogOdds = 4.6;
const hazardConfidence = 0.97;
const crashHazardMs = 10 * 60_000;

const data = workerData as CoreThreadData;
const house = parentPort;
if (house === null) throw new Error('threads/core runs as a worker thread only');
const clock = createClock(data.clockRate, data.clockOriginMs);
const graph = decodeGraph(new Uint8Array(data.graph), true);
const engine = createEngine(graph, {
  capacity: data.capacity,
  fleetBuffer: data.fleet,
  friction: data.friction,
  ...(data.learned !== undefined && { learned: data.learned }),
});
const crashes = createCrashDetector(graph, engine.fleet, {});
const mailbox = new MailboxReader(data.mailbox);

const toHouse = (message: CoreToHouse): void => house.postMessage(message);
const toDoor = (message: CoreToDoor): void => data.door.postMessage(message);

let updates = 0;
let ticks = 0;
let overruns = 0;
let tickMsTotal = 0;
let lateness: number[] = [];
let stopped = false;
/** Whether states came since the engine's last tick. */
let news = false;
let nextLookMs = 0;

function visit(
  slot: number,
  generation: number,
  timestampMs: number,
  lat: number,
  lon: number,
  speed: number,
  headingDeg: number,
  accel: number,
  yawRate: number,
  accuracy: number,
  length: number,
  width: number,
  stationType: number,
  flags: number,
  _receivedMs: number,
  kind: number,
): void {
  if (kind === MailboxKind.retire) {
    engine.retire(slot, generation);
    return;
  }
  updates += 1;
  news = true;
  engine.update(
    slot,
    generation,
    timestampMs,
    lat,
    lon,
    speed,
    headingDeg,
    accel,
    yawRate,
    accuracy,
    length,
    width,
    stationType,
    flags,
  );
  crashes.observe(slot, timestampMs, lat, lon, speed, headingDeg, accel, flags);
}

function obey(): void {
  for (;;) {
    const received = receiveMessageOnPort(house as MessagePort) ?? receiveMessageOnPort(data.door);
    if (received === undefined) return;
    const order = received.message as ToCore;
    if (order.type === 'stop') stopped = true;
    else
      engine.raiseHazard(
        order.kind,
        order.lat,
        order.lon,
        order.headingDeg,
        order.confidence,
        clock.nowMs(),
        order.validMs,
      );
  }
}

/** One tick of the engine; its warnings go out at once. */
function look(nowMs: number): void {
  const begun = performance.now();
  engine.tick(nowMs);
  news = false;
  nextLookMs = nowMs + lookPeriodMs * data.clockRate;
  const events = engine.drainAlerts();
  if (events.length > 0) {
    toDoor({ type: 'alerts', events });
    for (const event of events) crashes.noteAlert(event.slot, event.stage, event.otherSlot, event.issuedMs);
  }
  tickMsTotal += performance.now() - begun;
}

/** Ten times a second: what runs on the clock. */
function beat(nowMs: number): void {
  look(nowMs);
  const begun = performance.now();
  for (const crash of crashes.tick(nowMs)) {
    if (crash.logOdds >= hazardLogOdds) {
      engine.raiseHazard('crashed-vehicle', crash.lat, crash.lon, Number.NaN, hazardConfidence, nowMs, crashHazardMs);
    }
    toHouse({ type: 'crash', crash });
  }
  tickMsTotal += performance.now() - begun;
}

function report(): void {
  const counters: Record<string, number> = { updates, ticks, overruns, tickMsTotal };
  for (const [name, value] of Object.entries(engine.counters())) counters[`engine_${name}`] = value;
  for (const [name, value] of Object.entries(crashes.counters())) counters[`crash_${name}`] = value;
  toHouse({ type: 'core-counters', counters, tickLateMs: lateness });
  lateness = [];
}

function handOverLearned(): void {
  toHouse({ type: 'learned', bytes: engine.learned.bytes() });
}

let nextTickMs = clock.nowMs() + tickPeriodMs;
let nextReportMs = clock.nowMs() + reportEveryMs * data.clockRate;
let nextLearnedMs = performance.now() + learnedEveryMs;
while (!stopped) {
  mailbox.drain(statesPerTurn, visit);
  const nowMs = clock.nowMs();
  if (nowMs >= nextTickMs) {
    lateness.push((nowMs - nextTickMs) / data.clockRate);
    beat(nowMs);
    ticks += 1;
    nextTickMs += tickPeriodMs;
    // A tick that took longer than its period is not made up for: the missed ones are counted and the beat goes on from now.
    const missed = Math.floor((clock.nowMs() - nextTickMs) / tickPeriodMs);
    if (missed > 0) {
      overruns += missed;
      nextTickMs += missed * tickPeriodMs;
    }
    obey();
    if (nowMs >= nextReportMs) {
      report();
      nextReportMs = nowMs + reportEveryMs * data.clockRate;
    }
    if (performance.now() >= nextLearnedMs) {
      handOverLearned();
      nextLearnedMs += learnedEveryMs;
    }
  } else if (engine.pending > 0 || (news && nowMs >= nextLookMs)) look(nowMs);
  if (mailbox.pending === 0 && engine.pending === 0) {
    const untilTick = ((news ? Math.min(nextTickMs, nextLookMs) : nextTickMs) - clock.nowMs()) / data.clockRate;
    if (untilTick <= 0) continue;
    // The first state after a silence wakes the core; those that come until the next look would wait for it all the same.
    if (news) mailbox.rest(Math.min(untilTick, longestNapMs));
    else mailbox.wait(Math.min(untilTick, longestNapMs));
  }
}
report();
handOverLearned();
toHouse({ type: 'core-stopped' });
