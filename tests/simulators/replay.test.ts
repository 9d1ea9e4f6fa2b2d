import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { ReplayResult } from '../../simulators/index.ts';
import { projectRoot } from '../fixtures/project-root.ts';
import { describeWithSharedData, sharedData } from '../fixtures/shared-data.ts';

describeWithSharedData('replay', ['worlds/W1/P1/tracks_1hz.csv.gz', 'worlds/W1/net.net.xml.gz'], () => {
  it('feeds a recording through a platform of its own: all of it arrives, its collision becomes an incident', async () => {
    const args = [
      '--fcd',
      sharedData('worlds/W1/P1/tracks_1hz.csv.gz'),
      '--map',
      sharedData('worlds/W1/net.net.xml.gz'),
    ];
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(projectRoot, 'dist', 'cli', 'main.js'),
      'replay',
      ...args,
      ...[
        '--collisions',
        sharedData('worlds/W1/P1/collisions.csv'),
        '--from',
        '436',
        '--to',
        '466',
        '--speed',
        '6',
        '--json',
      ],
    ]);
    const result: ReplayResult = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect(result.sent).toBeGreaterThan(5000);
    expect(result.received).toBe(result.sent);
    expect(result.accepted).toBe(result.sent);
    expect(result.dropped).toEqual({});
    expect(result.collisions).toBe(1);
    expect(result.collisionsAsIncidents).toBe(1);
    expect(result.missedCollisions).toEqual([]);
  }, 120_000);
});
