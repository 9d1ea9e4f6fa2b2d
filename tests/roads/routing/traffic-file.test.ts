import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tarEntry } from '../../../roads/routing/tar.ts';
import { emptyTrafficArchive, encodeLiveSpeed, TrafficFile } from '../../../roads/routing/traffic-file.ts';

describe('a live speed', () => {
  it('is kept within a step of 2 km/h, and no crawling edge becomes a closed one', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 70, noNaN: true }), (speed) => {
        const bits = encodeLiveSpeed(speed);
        const overall = Number(bits & 127n) * 2;
        const first = Number((bits >> 7n) & 127n) * 2;
        expect(first).toBe(overall);
        expect(overall === 0).toBe(speed === 0);
        expect(Math.abs(overall - speed * 3.6)).toBeLessThanOrEqual(speed * 3.6 < 1 ? 2 : 1.0001);
        expect((bits >> 28n) & 255n).toBe(255n);
      }),
    );
  });
});

describe('the traffic archive', () => {
  it('changes eight bytes of one edge and nothing else', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rahban-traffic-'));
    const path = join(folder, 'traffic.tar');
    const tiles = [
      { name: '0/003/016.gph', id: 24_000, directedEdges: 70 },
      { name: '2/000/769/709.gph', id: 6_157_674, directedEdges: 3 },
    ];
    const before = emptyTrafficArchive(tiles, 0);
    writeFileSync(path, before);
    const file = new TrafficFile(path, tiles);
    file.write(6_157_674, 2, encodeLiveSpeed(10));
    file.close();
    const after = readFileSync(path);
    const changed = [...after.keys()].filter((i) => after[i] !== before[i]);
    const start = 512 + 1024 + 512 + 32 + 2 * 8;
    expect(after).toHaveLength(before.length);
    expect(Math.min(...changed)).toBeGreaterThanOrEqual(start);
    expect(Math.max(...changed)).toBeLessThan(start + 8);
    expect(() => new TrafficFile(path, tiles).write(6_157_674, 3, 0n)).toThrow(/no directed edge 3/);
    rmSync(folder, { recursive: true });
  });

  it('is made of entries that tar accepts: name, size and checksum', () => {
    const entry = Buffer.from(tarEntry('a/b.gph', Buffer.from('hello')));
    expect(entry).toHaveLength(1024);
    expect(entry.toString('latin1', 0, 7)).toBe('a/b.gph');
    expect(Number.parseInt(entry.toString('latin1', 124, 135), 8)).toBe(5);
    const header = Buffer.from(entry.subarray(0, 512)).fill(' ', 148, 156);
    expect(Number.parseInt(entry.toString('latin1', 148, 154), 8)).toBe(header.reduce((sum, byte) => sum + byte, 0));
    expect(() => tarEntry('x'.repeat(101), Buffer.alloc(0))).toThrow(/longer than 100/);
  });
});
