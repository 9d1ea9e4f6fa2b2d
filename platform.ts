import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { type Api, createApi, type DemoAccount, ensureDemoAccounts, loadTokenKey, openAccounts } from './api/index.ts';
import { CredentialStore, Verifier } from './broker/index.ts';
import { createClock } from './clock.ts';
import { allocateFleet, fleetView } from './collision/index.ts';
import type { Config } from './config.ts';
import { createCongestionStore, openDatabase } from './database/index.ts';
import { createIncidentService } from './incidents/index.ts';
import { allocateMailbox } from './ingest/index.ts';
import type { createLog } from './log.ts';
import { asyncApiDocument, ClockOffsets, decode, type LiveWarning, type Warning } from './messages/index.ts';
import { Metrics } from './metrics.ts';
import { openCity, streetOf } from './platform/city.ts';
import { createCongestionRelay, watchCongestion } from './platform/congestion-watch.ts';
import { type DemoTraffic, startDemoTraffic } from './platform/demo.ts';
import { IncidentDesk } from './platform/incident-desk.ts';
import { openInflux } from './platform/influx.ts';
import { openLearnedFile } from './platform/learned-file.ts';
import { brokerChoice } from './platform/listeners.ts';
import { createPhoneDoor } from './platform/phones.ts';
import { makeDataFolder, portsOf, probePorts } from './platform/preflight.ts';
import { readinessOf } from './platform/readiness.ts';
import { createUsualSpeeds } from './platform/usual-speeds.ts';
import { createRoutingService } from './roads/routing/index.ts';
import { databaseFailure, listenFailure } from './start-error.ts';
import { CoreClient } from './threads/core-client.ts';
import { DoorClient } from './threads/door-client.ts';
import { FleetWindow } from './threads/fleet-window.ts';
import { SlotNames } from './threads/slot-names.ts';
import { spawnThread } from './threads/spawn.ts';

export interface Platform {
  /** By name: http, mqtt, mqtts, ws, external. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly demoAccounts: readonly DemoAccount[];
  /** Resolves with the reason when a thread dies by itself. */
  readonly failed: Promise<string>;
  /** Refuses new work, lets what is under way reach the disk, closes everything. Idempotent. */
  stop(): Promise<void>;
}

const publicTransport = new Set([6, 11]);

/**
 * Builds the rooms and hands functions from one to the next. What was opened is closed again, last first, when a later part fails.
 * A start that is aborted ends at its next step, and closes what it opened.
 * @throws StartError for what the operator can mend; the signal's reason when aborted.
 */
export async function startPlatform(
  config: Config,
  log: ReturnType<typeof createLog>,
  aborted: AbortSignal,
  progress: (text: string) => void,
): Promise<Platform> {
  const closers: (() => Promise<void>)[] = [];
  let closing: Promise<void> | undefined;
  const closeAll = (): Promise<void> => {
    closing ??= (async () => {
      for (const close of closers.reverse()) {
        try {
          await close();
        } catch (error) {
          log.error({ error: String(error) }, 'a part did not close cleanly');
        }
      }
    })();
    return closing;
  };
  try {
    const step = (text: string): void => {
      aborted.throwIfAborted();
      progress(text);
    };
    const { addresses, demoAccounts, failed } = await assemble(config, log, step, closers, aborted);
    aborted.throwIfAborted();
    return { addresses, demoAccounts, failed, stop: closeAll };
  } catch (error) {
    await closeAll();
    throw listenFailure(error, portsOf(config));
  }
}

async function assemble(
  config: Config,
  log: ReturnType<typeof createLog>,
  progress: (text: string) => void,
  closers: (() => Promise<void>)[],
  signal: AbortSignal,
): Promise<Omit<Platform, 'stop'>> {
  const dataDir = resolve(config.dataDir);
  makeDataFolder(dataDir);
  const broker = brokerChoice(config, dataDir);
  await probePorts(config);
  const clock = createClock(config.clockRate, config.clockOriginMs || Date.now());
  const { nowMs } = clock;
  const runId = randomBytes(4).toString('hex');
  const metrics = new Metrics();

  progress('city map');
  const city = await openCity(config.map, dataDir, progress);
  const { graph } = city;
  progress(`database${config.databaseUrl === '' ? ' (embedded PostgreSQL)' : ''}`);
  const database = await openDatabase({
    dataDir,
    ...(config.databaseUrl === '' ? {} : { url: config.databaseUrl }),
    log,
    clock: Date.now,
  }).catch((error: unknown) => {
    throw databaseFailure(error, config.databaseUrl !== '');
  });
  closers.push(() => database.stop());

  const history = await createCongestionStore(database, { retentionDays: config.congestionRetentionDays });
  const relay = createCongestionRelay(history, log);
  closers.push(() => relay.flush());
  const usual = createUsualSpeeds(history, nowMs);
  closers.push(async () => usual.stop());
  progress('routing');
  const routing = await createRoutingService({
    mapFile: resolve(config.map),
    graph,
    folder: join(dataDir, 'routing'),
    nowMs,
    usualSpeed: usual.speedOf,
    log: { info: (text) => log.info(text), warn: (text) => log.warn(text) },
    signal,
  });
  closers.push(() => routing.stop());

  progress('incident records');
  const names = new SlotNames(config.fleetCapacity);
  const clockOffsets = new ClockOffsets();
  const incidents = await createIncidentService({
    database,
    dataDir,
    blackBox: (vehicleIds, fromMs, toMs) => door.readBlackBox(vehicleIds, fromMs, toMs),
    describePlace: (_lat, _lon, edge) => streetOf(graph, edge),
    clock: nowMs,
    random: (size) => randomBytes(size),
    log,
    decode: (message) => {
      const decoded = decode(message.topic, message.payload, message.receivedMs, clockOffsets);
      return decoded.ok && decoded.value.kind === 'state' ? decoded.value.state : undefined;
    },
    graph,
  });
  closers.push(() => incidents.stop());
  const desk = new IncidentDesk({
    incidents,
    names,
    streetAt: (edge) => streetOf(graph, edge),
    publish: (topic, payload) => door.publish(topic, payload),
    log,
  });

  progress('threads');
  const learned = openLearnedFile(dataDir, graph.mapHash, (fields, text) => log.warn(fields, text));
  const fleetBuffer = allocateFleet(config.fleetCapacity);
  const fleet = fleetView(fleetBuffer, config.fleetCapacity);
  const mailbox = allocateMailbox(config.fleetCapacity);
  const { port1: coreSide, port2: doorSide } = new MessageChannel();
  const shared = {
    graph: city.shared,
    mailbox,
    capacity: config.fleetCapacity,
    clockRate: clock.rate,
    clockOriginMs: clock.originMs,
  };
  const core = new CoreClient(
    spawnThread(
      'core',
      { ...shared, fleet: fleetBuffer, friction: config.friction, learned: learned.bytes, door: coreSide },
      [coreSide],
    ),
    {
      crash: (crash) => void desk.observe(crash),
      tickLate: (ms) => metrics.tickLateness.observe(ms / 1000),
      learned: (bytes) => learned.keep(bytes),
    },
  );
  closers.push(() => learned.settled());
  closers.push(() => core.stop());
  let pushWarning: (warning: LiveWarning) => void = () => {};
  const doorThread = spawnThread(
    'door',
    {
      ...shared,
      ...broker,
      blackBoxMiB: config.blackBoxMiB,
      runId,
      logLevel: config.logLevel,
      core: doorSide,
    },
    [doorSide],
  );
  const door = new DoorClient(doorThread, {
    assigned: (slot, generation, vehicleId) => names.assign(slot, generation, vehicleId),
    warning: (warning) => {
      desk.noteWarning(warning);
      if (warning.causeTimestampMs !== undefined)
        metrics.decisionLatency.observe(Math.max(0, warning.issuedMs - warning.causeTimestampMs) / 1000);
      pushWarning(liveWarning(warning));
    },
    durable: (message) => desk.keep(message),
  });
  closers.push(() => door.stop());
  const doorAddresses = await door.ready();

  const influx = await openInflux(config, dataDir, log);
  if (influx !== undefined) closers.push(() => influx.stop());
  const watch = watchCongestion({
    graph,
    fleet,
    minVehicles: config.congestionMinVehicles,
    nowMs,
    clockRate: clock.rate,
    sinks: [
      relay.add,
      (rows) => influx?.write(rows).catch((error: unknown) => log.warn({ error: String(error) }, 'InfluxDB spool')),
    ],
    setLiveSpeeds: (speeds, now) => routing.setLiveSpeeds(speeds, now),
  });
  closers.push(async () => watch.stop());

  progress('pages and API');
  const window = new FleetWindow(fleet, names, nowMs);
  const accounts = await openAccounts(database);
  const demoAccounts = config.demo
    ? await ensureDemoAccounts(accounts, dataDir, (size) => randomBytes(size), Date.now())
    : [];
  const credentials = await CredentialStore.open(dataDir);
  closers.push(async () => credentials.close());
  const verifier = new Verifier(credentials, Date.now);
  await credentials.follow(() => verifier.forget(), log);
  const api: Api = await createApi({
    config: {
      host: config.host,
      port: config.httpPort,
      webRoot: join(import.meta.dirname, 'web'),
      demo: config.demo,
      version: versionOf(),
      attribution: config.map.includes('.osm') ? '© OpenStreetMap contributors' : '',
      allowedOrigins: config.allowedOrigins,
      trustedProxies: config.trustedProxies,
    },
    incidents,
    routing,
    graph,
    facilities: city.facilities,
    congestion: {
      segments: (bbox) => watch.congestion.segments({ bbox }),
      changedSince: (revision) => watch.congestion.changedSince(revision),
    },
    vehicles: {
      inView: (view, limit, scope) =>
        window.inView(view, limit, scope === 'all' ? () => true : (type) => publicTransport.has(type)),
      get: (vehicleId) => window.get(vehicleId),
    },
    phones: createPhoneDoor(door, verifier),
    metricsText: () => metrics.text(),
    readiness: async () => readinessOf({ database, core, door, nowMs: Date.now }),
    accounts,
    tokenKey: await loadTokenKey(dataDir, (size) => randomBytes(size)),
    asyncApi: asyncApiDocument() as Readonly<Record<string, unknown>>,
    nowMs,
    wallNowMs: Date.now,
    randomBytes: (size) => randomBytes(size),
    log: log.child({ room: 'api' }),
  });
  pushWarning = (warning) => api.pushWarning(warning);
  const { url } = await api.listen();
  closers.push(() => api.close());

  metrics.addRoom('broker', 'MQTT', () => door.broker);
  metrics.addRoom('ingest', 'Door', () => withoutReasons(door.ingest));
  metrics.addReasons('ingest_dropped', 'Messages refused at the door', () => reasonsOf(door.ingest));
  metrics.addRoom('core', 'Collision core', () => core.counters);
  metrics.addRoom('incidents', 'Incident records', () => ({ ...incidents.counters(), ...desk.counters() }));
  metrics.addReasons('incidents_reports_refused', 'Incident reports that could not be read', () => desk.refusals());
  metrics.addRoom('congestion', 'Congestion', () => ({ ...watch.congestion.counters(), ...relay.counters() }));
  metrics.addRoom('database', 'Database', () => ({ ...database.counters() }));
  if (influx !== undefined) metrics.addRoom('influx', 'InfluxDB spool', () => ({ ...influx.counters() }));

  if (config.demo) {
    progress('simulated traffic');
    const demo: DemoTraffic = await startDemoTraffic({
      dataDir,
      map: config.map,
      mqttUrl: doorAddresses.mqtt ?? '',
      vehicles: config.demoVehicles,
      log,
    });
    closers.push(() => demo.stop());
  }
  return {
    addresses: { http: url.endsWith('/') ? url : `${url}/`, ...doorAddresses },
    demoAccounts,
    failed: Promise.race([core.failed, door.failed]),
  };
}

function liveWarning({
  alertId,
  vehicleId,
  stage,
  class: kind,
  place,
  distance,
  probability,
  issuedMs,
  validUntilMs,
}: Warning): LiveWarning {
  return { alertId, vehicleId, stage, class: kind, ...place, distance, probability, issuedMs, validUntilMs };
}

function versionOf(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'));
  return manifest !== null && typeof manifest === 'object' && 'version' in manifest ? String(manifest.version) : '';
}

const reasonPrefix = 'dropped:';
const reasonsOf = (counters: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(counters).flatMap(([name, count]) =>
      name.startsWith(reasonPrefix) ? [[name.slice(reasonPrefix.length), count]] : [],
    ),
  );
const withoutReasons = (counters: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counters).filter(([name]) => !name.startsWith(reasonPrefix)));
