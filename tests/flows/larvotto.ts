import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { type RunningPlatform, rahban } from '../fixtures/platform.ts';

/** A straight piece of Boulevard du Larvotto in the demo city, 315 m, one carriageway. */
const west = { lat: 43.746322, lon: 7.431679 };
const east = { lat: 43.748106, lon: 7.434739 };
const metresPerDegree = { lat: 111_130, lon: 80_300 };
const length = Math.hypot((east.lat - west.lat) * metresPerDegree.lat, (east.lon - west.lon) * metresPerDegree.lon);
export const streetName = 'Boulevard du Larvotto';
export const eastwardsDeg = 51;
export const westwardsDeg = 231;

/** The point so many metres along the street from its western end. */
export function pointAt(metres: number): { readonly lat: number; readonly lon: number } {
  const share = metres / length;
  return { lat: west.lat + share * (east.lat - west.lat), lon: west.lon + share * (east.lon - west.lon) };
}

/** A message of `rahban/v1/telemetry/{id}` of a vehicle that drives along the street; a negative velocity (m/s) drives westwards. */
export function telemetry(metres: number, velocity: number, more: object = {}): string {
  return JSON.stringify({
    ts: Date.now(),
    ...pointAt(metres),
    speed: Math.abs(velocity),
    heading: velocity < 0 ? westwardsDeg : eastwardsDeg,
    ...more,
  });
}

/** A new credential of the platform's own broker; resolves with its secret. */
export function credential(dataDir: string, id: string, ...more: string[]): string {
  return (rahban(['vehicle', 'add', id, ...more, '--data-dir', dataDir, '--json']) as { secret: string }).secret;
}

/** An MQTT client that is connected, tries only once, and whose later errors are part of the test. */
export async function connect(
  platform: RunningPlatform,
  username: string,
  password: string,
  more: IClientOptions = {},
): Promise<MqttClient> {
  const client = await mqtt
    .connectAsync(platform.addresses.mqtt ?? '', {
      protocolVersion: 4,
      username,
      password,
      clientId: username,
      reconnectPeriod: 0,
      connectTimeout: 20_000,
      ...more,
    })
    .catch((error: unknown) => {
      throw new Error(`${username} could not connect: ${String(error)}\n${platform.output()}`, { cause: error });
    });
  client.on('error', () => {});
  return client;
}

export interface Warned {
  readonly vehicleId: string;
  readonly stage: number;
  readonly class: string;
}

/**
 * Two vehicles drive towards each other, 50 km/h each, from 200 m apart, until each has got a warning (stage 2 or 3) or the time is
 * up; returns the warnings each got. The clients subscribe for themselves.
 */
export async function headOn(
  cars: readonly [MqttClient, MqttClient],
  ids: readonly [string, string],
  patienceMs = 10_000,
): Promise<Readonly<Record<string, readonly Warned[]>>> {
  const heard: Record<string, Warned[]> = { [ids[0]]: [], [ids[1]]: [] };
  const warned = new Promise<void>((resolve) => {
    cars.forEach((car, i) => {
      const own = heard[ids[i] as string] as Warned[];
      car.on('message', (_topic, payload) => {
        own.push(JSON.parse(payload.toString()) as Warned);
        if (Object.values(heard).every((list) => list.some(({ stage }) => stage >= 2))) resolve();
      });
    });
  });
  for (const [i, car] of cars.entries()) await car.subscribeAsync(`rahban/v1/warnings/${ids[i]}`, { qos: 1 });
  const begun = Date.now();
  const timer = setInterval(() => {
    const seconds = (Date.now() - begun) / 1000;
    cars[0].publish(`rahban/v1/telemetry/${ids[0]}`, telemetry(40 + 14 * seconds, 14));
    cars[1].publish(`rahban/v1/telemetry/${ids[1]}`, telemetry(240 - 14 * seconds, -14));
  }, 100);
  let timeout: NodeJS.Timeout | undefined;
  await Promise.race([
    warned,
    new Promise((resolve) => {
      timeout = setTimeout(resolve, patienceMs);
    }),
  ]);
  clearInterval(timer);
  clearTimeout(timeout);
  return heard;
}

/** A vehicle's own crash report on the street. */
export function crashReport(reportId: string, metres: number): string {
  return JSON.stringify({
    reportId,
    kind: 'crash',
    occurredAtMs: Date.now(),
    ...pointAt(metres),
    deltaV: 8,
    airbagDeployed: true,
  });
}

/** Resolves when the connection is closed, whatever error came before. */
export const closed = (connection: { once(event: 'close', listener: () => void): unknown }): Promise<void> =>
  new Promise((resolve) => {
    connection.once('close', () => resolve());
  });
