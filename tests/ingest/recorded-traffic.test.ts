import { expect, test } from 'vitest';
import {
  allocateMailbox,
  BlackBox,
  type DoorMessage,
  FleetRegistry,
  MailboxWriter,
  Pipeline,
} from '../../ingest/index.ts';
import type { VehicleState } from '../../messages/index.ts';
import { describeWithSharedData, sharedData } from '../fixtures/shared-data.ts';
import { csvRows } from './csv.ts';
import { noon } from './fleet.ts';

interface Refusal {
  readonly reason: string;
  readonly vehicleId: string;
  readonly seconds: number;
}

/** Sends a recorded track file, ordered by time, through a door; a row repeated in overlapping windows is sent once. */
function replay(path: string): { received: number; refused: Refusal[] } {
  const refused: Refusal[] = [];
  let state: VehicleState | undefined;
  const pipeline = new Pipeline<DoorMessage>({
    decode: () => ({ ok: true, value: { kind: 'state', state: state! } }),
    registry: new FleetRegistry({ capacity: 4_096 }),
    mailbox: new MailboxWriter(allocateMailbox(4_096)),
    blackBox: new BlackBox({ bytes: 1 << 16, vehicles: 4_096 }),
    onDrop: (reason) =>
      refused.push({ reason, vehicleId: state!.vehicleId, seconds: (state!.timestampMs - noon) / 1_000 }),
  });
  const none = new Uint8Array(0);
  const columns = ['time_s', 'vehicle', 'lon', 'lat', 'speed_mps', 'accel_mps2', 'heading_deg'];
  const lastTime = new Map<string, string>();
  let received = 0;
  for (const [time, vehicleId, lon, lat, speed, accel, heading] of csvRows(sharedData(path), columns)) {
    if (lastTime.get(vehicleId!) === time) continue;
    lastTime.set(vehicleId!, time!);
    received += 1;
    const timestampMs = noon + Math.round(Number(time) * 1_000);
    state = {
      vehicleId: vehicleId!,
      stationType: 5,
      timestampMs,
      lat: Number(lat),
      lon: Number(lon),
      speed: Number(speed),
      accel: Number(accel),
      headingDeg: Number(heading) % 360,
      flags: 0,
    };
    pipeline.accept('t', none, timestampMs + 40);
  }
  return { received, refused };
}

const normal = 'traffic/porto/normal_fcd_1hz.csv.gz';
const crashes = 'traffic/porto/crash_fcd_10hz_windows.csv.gz';
const bologna = 'traffic/bologna/crash_fcd_10hz_windows.csv.gz';

describeWithSharedData('recorded traffic', [normal, crashes, bologna], () => {
  test('of ordinary traffic at 1 Hz less than 0.1 % is refused', () => {
    const { refused, received } = replay(normal);
    expect(received).toBeGreaterThan(250_000);
    expect(refused.length / received, JSON.stringify(refused.slice(0, 5))).toBeLessThan(0.001);
  });

  test('around every recorded crash, at 10 Hz, no vehicle is refused, least of all those that collide', () => {
    for (const file of [crashes, bologna]) {
      const { refused, received } = replay(file);
      expect(received).toBeGreaterThan(100_000);
      expect(refused, file).toEqual([]);
    }
  });
});
