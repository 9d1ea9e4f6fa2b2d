import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type AlertEvent, createEngine } from '../../collision/index.ts';
import type { LoggedAlert } from '../../evaluation/alert-log.ts';
import { drive, inputLogOf } from '../../evaluation/drive.ts';
import { explain, replayInputs } from '../../evaluation/index.ts';
import { type Recording, readRecording } from '../../evaluation/recording.ts';
import { observe } from '../../evaluation/sensor-model.ts';
import { planeOf, type RoadGraph } from '../../roads/graph/index.ts';
import { importMapFile } from '../../roads/import/index.ts';
import { describeWithSharedData, sharedData } from '../fixtures/shared-data.ts';
import { cruising, record, road } from './small-world.ts';

const folder = mkdtempSync(join(tmpdir(), 'rahban-replay-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A drive with its input log, and the events that a replay of the log gives. */
async function thereAndBack(graph: RoadGraph, recording: Recording, file: string, noise: number) {
  const writer = inputLogOf(file, graph, recording);
  const seen = observe(recording, planeOf(graph), { noise, penetration: 1, seed: 7 });
  const { alerts } = drive(graph, recording, seen, undefined, writer);
  await writer.close();
  return { alerts, again: await replayed(graph, file) };
}

async function replayed(graph: RoadGraph, file: string): Promise<AlertEvent[]> {
  const events: AlertEvent[] = [];
  await replayInputs(file, {
    header: ({ capacity, friction }) => createEngine(graph, { capacity, friction }),
    named: () => {},
    tick: (_nowMs, some) => {
      events.push(...some);
      return false;
    },
  });
  return events;
}

const key = (one: LoggedAlert): string => `${one.vehicle} ${one.class} ${Math.round(one.time)}`;

describe('Input log', () => {
  const still = record([cruising('fast', 0, 20, 0, 59), cruising('still', 1200, 0, 0, 59)]);

  it('replays bit for bit: the same events with the same numbers, twice', async () => {
    const file = join(folder, 'small.inputs');
    const { alerts, again } = await thereAndBack(road, still, file, 0);
    expect(again.length).toBeGreaterThan(0);
    expect(again.map((event) => event.alertId)).toEqual(alerts.map((alert) => alert.alertId));
    expect(await replayed(road, file)).toEqual(again);
  });

  it('a log cut in its last line replays up to there; broken in the middle it is refused with the line', async () => {
    const whole = readFileSync(join(folder, 'small.inputs'), 'utf8');
    const cut = join(folder, 'cut.inputs');
    writeFileSync(cut, whole.slice(0, Math.floor(0.9 * whole.length)));
    expect((await replayed(road, cut)).length).toBeGreaterThan(0);
    const broken = join(folder, 'broken.inputs');
    const lines = whole.split('\n');
    lines[50] = lines[50].slice(0, 8);
    writeFileSync(broken, lines.join('\n'));
    await expect(replayed(road, broken)).rejects.toThrow(/broken\.inputs:51/);
    writeFileSync(broken, '{"a":1}\n');
    await expect(replayed(road, broken)).rejects.toThrow(/not an input log/);
  });

  it('explains a warning by its rule and figures, and silence by what pressed most', async () => {
    const file = join(folder, 'small.inputs');
    const warned = await explain(file, road, 'fast', 58);
    expect(warned.verdict).toMatch(/^Warned: stage [23]/);
    expect(warned.told.length).toBeGreaterThan(0);
    expect(warned.neighbours[0].vehicle).toBe('still');
    const quiet = await explain(file, road, 'still', 3);
    expect(quiet.verdict).toMatch(/^Not warned/);
    expect(quiet.told).toEqual([]);
    await expect(explain(file, road, 'ghost', 3)).rejects.toThrow(/ghost/);
  });
});

describeWithSharedData(
  'A recorded city run (W1 P2)',
  ['worlds/W1/net.net.xml.gz', 'worlds/W1/P2/tracks_1hz.csv.gz', 'worlds/W1/P2/tracks_10hz.csv.gz'],
  () => {
    it('the input log replays into the same alerts, and two drives are one', async () => {
      const { graph } = await importMapFile(sharedData('worlds/W1/net.net.xml.gz'));
      const files = ['tracks_1hz', 'tracks_10hz'].map((name) => sharedData(`worlds/W1/P2/${name}.csv.gz`));
      const recording = await readRecording(files, graph);
      const { alerts, again } = await thereAndBack(graph, recording, join(folder, 'w1.inputs'), 2.5);
      expect(again.length).toBe(alerts.length);
      expect(alerts.length).toBeGreaterThan(20);
      for (const [i, event] of again.entries()) {
        expect(event.alertId).toBe(alerts[i].alertId);
        expect(Math.round(event.probability * 1e5) / 1e5).toBe(alerts[i].probability);
        expect(recording.ids[event.slot]).toBe(alerts[i].vehicle);
      }
      const seen = observe(recording, planeOf(graph), { noise: 2.5, penetration: 1, seed: 7 });
      expect(drive(graph, recording, seen).alerts.map(key)).toEqual(alerts.map(key));
    }, 120_000);
  },
);
