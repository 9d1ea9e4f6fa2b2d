import {
  allocateMailbox,
  BlackBox,
  type DoorMessage,
  FleetRegistry,
  MailboxReader,
  MailboxWriter,
  Pipeline,
  type PipelineParts,
} from '../../ingest/index.ts';
import type { Decoded, VehicleState } from '../../messages/index.ts';

/** 2026-11-22T00:00:00Z: any instant will do, the pipeline knows no clock. */
export const noon = 1_795_305_600_000;

export function vehicle(vehicleId: string, timestampMs: number, more: Partial<VehicleState> = {}): VehicleState {
  return { vehicleId, stationType: 5, timestampMs, lat: 35.7, lon: 51.4, speed: 10, headingDeg: 0, flags: 0, ...more };
}

/** Reads the state as JSON: stands for the real decoder, whose own tests are in tests/messages. */
export function decodeJson(_topic: string, payload: Uint8Array): Decoded<DoorMessage> {
  try {
    return { ok: true, value: { kind: 'state', state: JSON.parse(Buffer.from(payload).toString()) as VehicleState } };
  } catch (error) {
    return { ok: false, reason: 'not-json', detail: String(error) };
  }
}

export const bytes = (state: VehicleState): Uint8Array => Buffer.from(JSON.stringify(state));

/** A whole door with small rooms, and what came out at the core's end. */
export function door(more: Partial<PipelineParts<DoorMessage>> & { readonly capacity?: number } = {}) {
  const { capacity = 16, ...parts } = more;
  const shared = allocateMailbox(capacity);
  const registry = new FleetRegistry({ capacity });
  const blackBox = new BlackBox({ bytes: 1 << 20 });
  const mailbox = new MailboxWriter(shared);
  const pipeline = new Pipeline<DoorMessage>({ decode: decodeJson, registry, mailbox, blackBox, ...parts });
  return {
    registry,
    blackBox,
    mailbox,
    pipeline,
    reader: new MailboxReader(shared),
    send: (state: VehicleState, receivedMs = state.timestampMs + 50): boolean =>
      pipeline.accept(`rahban/v1/telemetry/${state.vehicleId}`, bytes(state), receivedMs),
  };
}

const metresPerDegree = 111_194.93;

/** Moves a place by metres. */
export function moved(lat: number, lon: number, east: number, north: number): { lat: number; lon: number } {
  return {
    lat: lat + north / metresPerDegree,
    lon: lon + east / (metresPerDegree * Math.cos((lat * Math.PI) / 180)),
  };
}
