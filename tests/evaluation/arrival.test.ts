import { expect, it } from 'vitest';
import { calibrateArrival } from '../../evaluation/index.ts';
import { readRecording } from '../../evaluation/recording.ts';
import { importMapFile } from '../../roads/import/index.ts';
import { describeWithSharedData, sharedData } from '../fixtures/shared-data.ts';

describeWithSharedData(
  'The place after 36 s on recorded traffic (W4 N1)',
  ['worlds/W4/net.net.xml.gz', 'worlds/W4/N1/tracks_1hz.csv.gz'],
  () => {
    it('[P7] every quantile of the model holds within 5 %, for drivers whose pace nothing known will change, on the rural road', async () => {
      const { graph } = await importMapFile(sharedData('worlds/W4/net.net.xml.gz'));
      const recording = await readRecording([sharedData('worlds/W4/N1/tracks_1hz.csv.gz')], graph);
      const { count, share, worst, medianError } = calibrateArrival(graph, recording);
      expect(count).toBeGreaterThan(1000);
      expect(share).toBeGreaterThan(0.3);
      expect(worst).toBeLessThan(0.05);
      expect(Math.abs(medianError)).toBeLessThan(10);
    }, 60_000);
  },
);
