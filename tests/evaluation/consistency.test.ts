import { expect, it } from 'vitest';
import { filterStart, filterStep } from '../../collision/filter.ts';
import { Tracks } from '../../collision/tracks.ts';
import { type Recording, readRecording } from '../../evaluation/recording.ts';
import { Device, toldAccuracy } from '../../evaluation/sensor-model.ts';
import { type Plane, planeOf } from '../../roads/graph/index.ts';
import { importMapFile } from '../../roads/import/index.ts';
import { nees } from '../collision/motion.ts';
import { describeWithSharedData, sharedData } from '../fixtures/shared-data.ts';

const noise = 2.5;
const settled = 10;

/** Mean NEES per dimension over recorded drives, reported by ordinary receivers; the place counts with the receiver's slow error (F9). */
function overDrives(recording: Recording, plane: Plane, vehicles: number): { mean: number; count: number } {
  const { rowStart, rows, time, x, y, speed, headingDeg } = recording;
  const told = toldAccuracy(noise);
  const white = 0.2 * told * (0.2 * told);
  const t = new Tracks(1);
  t.sSigma[0] = told;
  let sum = 0;
  let count = 0;
  for (let v = 0; v < vehicles; v += 1) {
    const device = new Device(recording.ids[v], plane, { noise, penetration: 1, seed: 5 });
    let travelled = 0;
    let fixes = 0;
    for (let k = rowStart[v]; k < rowStart[v + 1]; k += 1) {
      const i = rows[k];
      const before = k > rowStart[v] ? rows[k - 1] : i;
      const dt = time[i] - time[before];
      if (dt > 1.5) fixes = 0;
      travelled += Math.hypot(x[i] - x[before], y[i] - y[before]);
      const report = { received: 0, lat: 0, lon: 0, speed: speed[i], headingDeg: headingDeg[i] };
      device.report(time[i], x[i], y[i], speed[i], headingDeg[i], report);
      const heading = (headingDeg[i] * Math.PI) / 180;
      const error = (plane.x(report.lon) - x[i]) * Math.sin(heading) + (plane.y(report.lat) - y[i]) * Math.cos(heading);
      if (fixes === 0) filterStart(t, 0, travelled + error, white, report.speed, Number.NaN);
      else filterStep(t, 0, dt, travelled + error - t.s[0], white, report.speed, Number.NaN);
      fixes += 1;
      if (fixes < settled || speed[i] < 2) continue;
      sum += nees(t.s[0] - travelled, t.v[0] - speed[i], t.positionVariance(0), t.p01[0], t.p11[0]);
      count += 1;
    }
  }
  return { mean: sum / count, count };
}

describeWithSharedData(
  'The path filter on recorded traffic (W3 N1)',
  ['worlds/W3/net.net.xml.gz', 'worlds/W3/N1/tracks_1hz.csv.gz'],
  () => {
    it('[F10] NEES of place and speed with ordinary receivers is 0.9 to 1.1 per dimension', async () => {
      const { graph } = await importMapFile(sharedData('worlds/W3/net.net.xml.gz'));
      const recording = await readRecording([sharedData('worlds/W3/N1/tracks_1hz.csv.gz')], graph);
      const { mean, count } = overDrives(recording, planeOf(graph), 400);
      expect(count).toBeGreaterThan(50_000);
      expect(mean).toBeGreaterThan(0.9);
      expect(mean).toBeLessThan(1.1);
    }, 60_000);
  },
);
