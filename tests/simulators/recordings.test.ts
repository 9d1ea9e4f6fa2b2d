import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { RecordingError, readCollisions, readTracks } from '../../simulators/index.ts';
import { describeWithSharedData, sharedData } from '../fixtures/shared-data.ts';

const folder = mkdtempSync(join(tmpdir(), 'rahban-recordings-'));
function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(content) : content);
  return path;
}

describe('recorded traffic', () => {
  it('is read from CSV, plain and gzip, and merged in the order of time', async () => {
    const header = 'time_s,vehicle,lon,lat,speed_mps,accel_mps2,heading_deg,lane_id';
    const a = file('a.csv', `${header}\n2,x,51.1,35.1,3,0.5,90,e_0\n1,y,51.2,35.2,4,,180,e_1\n`);
    const b = file('b.csv.gz', `${header},signals\n1.5,x,51.3,35.3,5,-1,270,e_0,8\n`);
    const tracks = await readTracks([a, b]);
    expect([...tracks.time]).toEqual([1, 1.5, 2]);
    expect([...tracks.vehicle].map((v) => tracks.ids[v])).toEqual(['y', 'x', 'x']);
    expect([...tracks.accel]).toEqual([Number.NaN, -1, 0.5]);
    expect([...tracks.signals]).toEqual([0, 8, 0]);
  });

  it('is read from SUMO FCD XML', async () => {
    const xml = file(
      'fcd.xml',
      '<fcd-export>\n<timestep time="3.10">\n<vehicle id="v" x="51.5" y="35.5" angle="45.00" type="t" speed="7.5" pos="1" lane="e_0" slope="0" signals="8" acceleration="-2.0"/>\n</timestep>\n</fcd-export>\n',
    );
    const tracks = await readTracks([xml]);
    expect([
      tracks.time[0],
      tracks.lon[0],
      tracks.lat[0],
      tracks.speed[0],
      tracks.accel[0],
      tracks.headingDeg[0],
      tracks.signals[0],
    ]).toEqual([3.1, 51.5, 35.5, 7.5, -2, 45, 8]);
  });

  it.each([
    ['missing-column.csv', 'time_s,vehicle\n1,x\n', /no column lon/],
    ['word.csv', 'time_s,vehicle,lon,lat,speed_mps,heading_deg\n1,x,east,35,1,2\n', /"east" is not a number \(lon\)/],
    ['short.csv', 'time_s,vehicle,lon,lat,speed_mps,heading_deg\n1,x,51\n', /:2: 3 cells/],
    ['empty.csv', '', /empty file/],
    ['plane.xml', '<timestep time="1">\n<vehicle id="v" x="5000.5" y="35.5" angle="4" speed="7"/>\n', /geo true/],
  ])('a broken file %s is refused with its fault', async (name, content, message) => {
    await expect(readTracks([file(name, content)])).rejects.toThrow(RecordingError);
    await expect(readTracks([file(name, content)])).rejects.toThrow(message);
  });

  it('that is no gzip is refused by name', async () => {
    const path = join(folder, 'broken.csv.gz');
    writeFileSync(path, 'time_s,vehicle');
    await expect(readTracks([path])).rejects.toThrow(/broken\.csv\.gz/);
  });
});

describeWithSharedData(
  'the recorded worlds',
  ['worlds/W1/P1/tracks_10hz.csv.gz', 'traffic/bologna/crash_collisions.csv'],
  () => {
    it('have sizes for every vehicle and both parties of every collision in the tracks', async () => {
      const tracks = await readTracks([sharedData('worlds/W1/P1/tracks_10hz.csv.gz')]);
      expect(Math.min(...tracks.lengths)).toBeGreaterThan(1);
      const known = new Set(tracks.ids);
      const collisions = await readCollisions(sharedData('worlds/W1/P1/collisions.csv'));
      expect(collisions).toHaveLength(7);
      expect(collisions.filter(({ collider, victim }) => known.has(collider) && known.has(victim))).toHaveLength(7);
    });

    it('give the parties of the Bologna crashes as the tracks name them', async () => {
      const collisions = await readCollisions(sharedData('traffic/bologna/crash_collisions.csv'));
      expect(collisions).toHaveLength(62);
      expect(collisions[0]).toMatchObject({ collider: '143', victim: '134', class: 'rear_end', time: 88.5 });
    });
  },
);
