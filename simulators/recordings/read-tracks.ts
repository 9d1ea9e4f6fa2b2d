import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { numberOf, RecordingError, readCsv } from './csv.ts';
import { lineBatches } from './lines.ts';
import { type Tracks, TracksBuilder } from './tracks.ts';

const trackColumns = [
  'time_s',
  'vehicle',
  'lon',
  'lat',
  'speed_mps',
  'accel_mps2?',
  'heading_deg',
  'signals?',
  'lane_id?',
];

async function readTrackCsv(file: string, into: TracksBuilder): Promise<void> {
  await readCsv(file, trackColumns, ([time, vehicle, lon, lat, speed, accel, heading, signals, lane]) => {
    into.add(
      numberOf(time!, file, 'time_s'),
      vehicle!,
      numberOf(lon!, file, 'lon'),
      numberOf(lat!, file, 'lat'),
      numberOf(speed!, file, 'speed_mps'),
      accel === '' ? Number.NaN : numberOf(accel!, file, 'accel_mps2'),
      numberOf(heading!, file, 'heading_deg'),
      signals === '' ? 0 : numberOf(signals!, file, 'signals'),
      lane!,
    );
  });
}

const attribute = (line: string, name: string): string => {
  const start = line.indexOf(` ${name}="`);
  if (start === -1) return '';
  const from = start + name.length + 3;
  return line.slice(from, line.indexOf('"', from));
};

/** SUMO FCD XML with geo coordinates (`--fcd-output.geo`), one element a line as SUMO writes it. */
async function readFcdXml(file: string, into: TracksBuilder): Promise<void> {
  let time = Number.NaN;
  for await (const lines of lineBatches(file)) {
    for (const line of lines) {
      if (line.includes('<timestep ')) time = numberOf(attribute(line, 'time'), file, 'timestep time');
      else if (line.includes('<vehicle ') || line.includes('<person ')) {
        const lon = numberOf(attribute(line, 'x'), file, 'x');
        const lat = numberOf(attribute(line, 'y'), file, 'y');
        if (Math.abs(lon) > 180 || Math.abs(lat) > 90)
          throw new RecordingError(`${file}: x=${lon} y=${lat} are no degrees; record with --fcd-output.geo true`);
        const accel = attribute(line, 'acceleration');
        const signals = attribute(line, 'signals');
        into.add(
          time,
          attribute(line, 'id'),
          lon,
          lat,
          numberOf(attribute(line, 'speed'), file, 'speed'),
          accel === '' ? Number.NaN : numberOf(accel, file, 'acceleration'),
          numberOf(attribute(line, 'angle'), file, 'angle'),
          signals === '' ? 0 : numberOf(signals, file, 'signals') & 0xffff,
          attribute(line, 'lane'),
        );
      }
    }
  }
}

/** Sizes from `vehicles.csv.gz` (or `crash_vehicles`, `normal_vehicles`) beside the tracks, where there is one. Driver types are not read. */
async function readSizes(trackFile: string, into: TracksBuilder): Promise<void> {
  for (const name of ['vehicles.csv.gz', 'crash_vehicles.csv.gz', 'normal_vehicles.csv.gz']) {
    const file = join(dirname(trackFile), name);
    if (!existsSync(file)) continue;
    await readCsv(file, ['vehicle', 'length_m', 'width_m'], ([vehicle, length, width]) => {
      into.setSize(vehicle!, numberOf(length!, file, 'length_m'), numberOf(width!, file, 'width_m'));
    });
  }
}

/**
 * Reads recorded traffic: SUMO FCD XML or track CSV, plain or gzip, by name (`.xml[.gz]` or anything else).
 * @throws RecordingError naming file, line and column of the first fault.
 */
export async function readTracks(files: readonly string[]): Promise<Tracks> {
  const builder = new TracksBuilder();
  for (const file of files) {
    if (/\.xml(\.gz)?$/.test(file)) await readFcdXml(file, builder);
    else await readTrackCsv(file, builder);
    await readSizes(file, builder);
  }
  return builder.finish();
}
