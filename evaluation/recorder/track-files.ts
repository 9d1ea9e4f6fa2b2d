import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { stepsPerSecond, type Traffic } from './traffic.ts';

/** Rows of text of a gzip file, handed on in pieces so that the whole is never in memory. */
async function writeGzip(file: string, lines: Iterable<string>): Promise<void> {
  const gzip = createGzip();
  const written = pipeline(gzip, createWriteStream(file));
  let text = '';
  for (const line of lines) {
    text += `${line}\n`;
    if (text.length < 1 << 16) continue;
    if (!gzip.write(text)) await once(gzip, 'drain');
    text = '';
  }
  gzip.end(text);
  await written;
}

/** SUMO's accelerations in a contact are no physics; they are held to this, m/s². */
const hardest = -99;
const strongest = 30;

/** Digits of degrees and accelerations, and of times. */
interface Precision {
  readonly place: number;
  readonly accel: number;
  readonly time: number;
}
const coarse: Precision = { place: 6, accel: 1, time: 0 };
const fine: Precision = { place: 7, accel: 2, time: 1 };

function trackRow(traffic: Traffic, row: number, step: number, { place, accel, time }: Precision): string {
  const held = Math.min(strongest, Math.max(hardest, traffic.accel[row]));
  return [
    (step / stepsPerSecond).toFixed(time),
    traffic.ids[traffic.vehicle[row]],
    traffic.lon[row].toFixed(place),
    traffic.lat[row].toFixed(place),
    metresPerSecond(Math.max(0, traffic.speed[row])),
    withoutZeros(held.toFixed(accel)),
    traffic.headingDeg[row].toFixed(1),
    traffic.lanes[traffic.lane[row]],
  ].join(',');
}

const withoutZeros = (number: string): string => (Number(number) === 0 ? '0' : number);
const metresPerSecond = (speed: number): string => withoutZeros(speed.toFixed(2));

/** Rows of a step in the order in which the vehicles set out. */
function rowsOfStep(traffic: Traffic, step: number): readonly number[] {
  const rows: number[] = [];
  for (let row = traffic.stepStart[step]; row < traffic.stepStart[step + 1]; row += 1) rows.push(row);
  return rows.sort((a, b) => traffic.vehicle[a] - traffic.vehicle[b]);
}

function* oneHertz(traffic: Traffic): Generator<string> {
  yield 'time_s,vehicle,lon,lat,speed_mps,accel_mps2,heading_deg,lane_id';
  for (let step = 0; step < traffic.steps; step += stepsPerSecond)
    for (const row of rowsOfStep(traffic, step)) yield trackRow(traffic, row, step, coarse);
}

function* tenHertz(traffic: Traffic, kept: Uint8Array): Generator<string> {
  yield 'time_s,vehicle,lon,lat,speed_mps,accel_mps2,heading_deg,lane_id,signals';
  for (let step = 0; step < traffic.steps; step += 1)
    for (const row of rowsOfStep(traffic, step))
      if (kept[row] === 1) yield `${trackRow(traffic, row, step, fine)},${traffic.signals[row]}`;
}

/** All vehicles once a second. */
export function writeOneHertz(file: string, traffic: Traffic): Promise<void> {
  return writeGzip(file, oneHertz(traffic));
}

/** The rows marked with 1. */
export function writeTenHertz(file: string, traffic: Traffic, kept: Uint8Array): Promise<void> {
  return writeGzip(file, tenHertz(traffic, kept));
}

/** Sizes and types; those who were only told to stop somewhere are cars like others. */
export function writeVehicles(file: string, traffic: Traffic): Promise<void> {
  const typeOf = (type: string): string => (type === 'ccar' ? 'car' : type);
  const rows = traffic.ids.map(
    (id, v) => `${id},${typeOf(traffic.types[v])},${traffic.lengths[v].toFixed(2)},${traffic.widths[v].toFixed(2)}`,
  );
  return writeGzip(file, ['vehicle,type,length_m,width_m', ...rows]);
}
