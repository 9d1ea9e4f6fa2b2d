import { expect, it } from 'vitest';
import { compareRuns, type LoopOptions, readSumoWorld, runOnce } from '../../evaluation/index.ts';
import { importMapFile } from '../../roads/import/index.ts';
import { describeWithSharedData, sharedData } from '../fixtures/shared-data.ts';
import { findTool } from '../fixtures/tools.ts';

const sumo = findTool('sumo');

describeWithSharedData(
  'Closed loop with SUMO (W1)',
  ['worlds/W1/net.net.xml.gz', 'worlds/W1/N1/run.json', 'worlds/W1/P1/run.json'],
  () => {
    const optionsOf = async (run: string, from: number, to: number, noise: number): Promise<LoopOptions> => {
      const world = readSumoWorld(sharedData('worlds/W1'), run);
      const { graph } = await importMapFile(world.net);
      const sensors = { noise, penetration: 1, seed: 7 };
      return { sumo: sumo ?? '', world, graph, from, to, sensors, delivery: 0.15, progress: () => {} };
    };

    it.skipIf(sumo === undefined)(
      'is the same twice with the same seed [needs sumo]',
      async () => {
        const options = await optionsOf('P1', 60, 110, 2.5);
        const once = await runOnce(options, 101, true);
        expect(await runOnce(options, 101, true)).toEqual(once);
        expect(once.vehicleHours).toBeGreaterThan(0.8);
      },
      180_000,
    );

    it.skipIf(sumo === undefined)(
      'does no harm where nothing is wrong [needs sumo]',
      async () => {
        const options = await optionsOf('N1', 0, 120, 0);
        const without = await runOnce(options, 201, false);
        const warned = await runOnce(options, 201, true);
        expect(without.contacts).toEqual([]);
        const { harm } = compareRuns([{ without, with: warned }]);
        expect(harm.newCollisions).toBe(0);
        expect(harm.newByWarnedOtherwise + harm.newBehindWarned).toBeLessThanOrEqual(2);
      },
      180_000,
    );
  },
);
