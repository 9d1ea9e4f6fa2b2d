import type { FleetView } from './types.ts';

/**
 * Layout of the shared fleet: one array per field, each starting on an 8-byte boundary, widest fields first.
 * Bytes per slot: 3 x 8 + 12 x 4 + 2 x 1.
 */
const fields = [
  ['timestampMs', 8],
  ['lat', 8],
  ['lon', 8],
  ['sequence', 4],
  ['generation', 4],
  ['speed', 4],
  ['headingDeg', 4],
  ['accel', 4],
  ['edge', 4],
  ['offset', 4],
  ['lateral', 4],
  ['matchConfidence', 4],
  ['length', 4],
  ['width', 4],
  ['flags', 4],
  ['stationType', 1],
  ['stage', 1],
] as const;

function padded(bytes: number): number {
  return (bytes + 7) & ~7;
}

/** Bytes of a fleet of `capacity` slots. */
export function fleetBytes(capacity: number): number {
  let bytes = 0;
  for (const [, width] of fields) bytes += padded(width * capacity);
  return bytes;
}

/** Memory for `fleetView` and for `EngineOptions.fleetBuffer`, zeroed: every slot empty. */
export function allocateFleet(capacity: number): SharedArrayBuffer {
  return new SharedArrayBuffer(fleetBytes(capacity));
}

/** The fleet over a buffer made by `allocateFleet(capacity)`. Throws RangeError when the buffer is too small for the capacity. */
export function fleetView(buffer: SharedArrayBuffer | ArrayBuffer, capacity: number): FleetView {
  const needed = fleetBytes(capacity);
  if (buffer.byteLength < needed)
    throw new RangeError(`fleet buffer holds ${buffer.byteLength} bytes, ${capacity} vehicles need ${needed}`);
  let offset = 0;
  const take = (width: number): number => {
    const at = offset;
    offset += padded(width * capacity);
    return at;
  };
  return {
    capacity,
    buffer,
    timestampMs: new Float64Array(buffer, take(8), capacity),
    lat: new Float64Array(buffer, take(8), capacity),
    lon: new Float64Array(buffer, take(8), capacity),
    sequence: new Int32Array(buffer, take(4), capacity),
    generation: new Uint32Array(buffer, take(4), capacity),
    speed: new Float32Array(buffer, take(4), capacity),
    headingDeg: new Float32Array(buffer, take(4), capacity),
    accel: new Float32Array(buffer, take(4), capacity),
    edge: new Int32Array(buffer, take(4), capacity),
    offset: new Float32Array(buffer, take(4), capacity),
    lateral: new Float32Array(buffer, take(4), capacity),
    matchConfidence: new Float32Array(buffer, take(4), capacity),
    length: new Float32Array(buffer, take(4), capacity),
    width: new Float32Array(buffer, take(4), capacity),
    flags: new Uint32Array(buffer, take(4), capacity),
    stationType: new Uint8Array(buffer, take(1), capacity),
    stage: new Uint8Array(buffer, take(1), capacity),
  };
}
