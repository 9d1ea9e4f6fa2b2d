import type { Tracks } from '../recordings/index.ts';

/** SUMO's bits of `signals`. */
const rightBlinker = 1;
const leftBlinker = 2;
const brakeLight = 8;
const illegal = /[^A-Za-z0-9_.:-]/g;

/** Id on the wire of a recorded vehicle: prefix and its own id, made legal. */
export function wireId(prefix: string, id: string): string {
  return `${prefix}${id.replace(illegal, '_')}`.slice(0, 64);
}

/** One row of a recording as our own telemetry, JSON. `timestampMs` UTC. What the recording lacks is left out. */
export function recordedMessage(tracks: Tracks, row: number, timestampMs: number): string {
  const vehicle = tracks.vehicle[row]!;
  const accel = tracks.accel[row]!;
  const signals = tracks.signals[row]!;
  const length = tracks.lengths[vehicle]!;
  const flags: string[] = [];
  if ((signals & rightBlinker) !== 0) flags.push('rightIndicator');
  if ((signals & leftBlinker) !== 0) flags.push('leftIndicator');
  if ((signals & brakeLight) !== 0) flags.push('brakeLights');
  return JSON.stringify({
    ts: Math.round(timestampMs),
    lat: tracks.lat[row],
    lon: tracks.lon[row],
    speed: round(tracks.speed[row]!),
    heading: ((round(tracks.headingDeg[row]!) % 360) + 360) % 360,
    ...(Number.isNaN(accel) ? {} : { accel: round(accel) }),
    ...(length > 0 ? { length: round(length), width: round(tracks.widths[vehicle]!) } : {}),
    ...(flags.length > 0 ? { flags } : {}),
  });
}

const round = (value: number): number => Math.round(value * 100) / 100;
