import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { recordRun } from '../../evaluation/index.ts';
import { worldsIn } from '../../evaluation/world-runs.ts';
import { readTracks } from '../../simulators/index.ts';
import { describeWithSharedData, sharedData } from '../fixtures/shared-data.ts';
import { findTool } from '../fixtures/tools.ts';

const sumo = findTool('sumo');
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'recorder-'));
  folders.push(folder);
  return folder;
}

describeWithSharedData('Recording a run with SUMO (W1)', ['worlds/W1/net.net.xml.gz', 'worlds/W1/P1/run.json'], () => {
  const recordTo = (out: string, run: string, seed: number, program: string) =>
    recordRun({
      sumo: program,
      world: sharedData('worlds/W1'),
      run,
      seed,
      out,
      end: 45,
      scripted: false,
      walkers: 0,
      netconvert: 'netconvert',
      progress: () => {},
    });

  it.skipIf(sumo === undefined)(
    'writes a run in the layout that evaluate reads, the same twice with the same seed [needs sumo]',
    async () => {
      const [out, again] = [newFolder(), newFolder()];
      const summary = await recordTo(out, 'P1', 7, sumo ?? '');
      expect(summary).toMatchObject({ name: 'W1/P7', collisions: {}, secondary: 0 });
      const [world] = worldsIn(out);
      expect(world).toMatchObject({ name: 'W1', map: join(out, 'W1', 'net.net.xml.gz') });
      expect(world.runs[0]).toMatchObject({ name: 'W1/P7', countFrom: Number.NaN });
      const [slow, fast] = [await readTracks([world.runs[0].fcd[0]]), await readTracks([world.runs[0].fcd[1]])];
      expect(slow.ids.length).toBeGreaterThan(20);
      expect(slow.time[slow.count - 1]).toBe(44);
      expect([fast.time[0], fast.time[fast.count - 1]]).toEqual([30, 44.9]);
      await recordTo(again, 'P1', 7, sumo ?? '');
      for (const file of ['run.json', 'tracks_1hz.csv.gz', 'tracks_10hz.csv.gz', 'vehicles.csv.gz', 'hazards.csv'])
        expect(readFileSync(join(again, 'W1', 'P7', file)).equals(readFileSync(join(out, 'W1', 'P7', file)))).toBe(
          true,
        );
    },
    120_000,
  );

  it('says what is wrong when the program is missing', async () => {
    await expect(recordTo(newFolder(), 'P1', 7, '/no/such/sumo')).rejects.toThrow(/sumo failed \(.*ENOENT/);
  });
});
