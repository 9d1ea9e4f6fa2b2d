import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { type JournalFiles, journalFolder } from '../../incidents/index.ts';
import { crc32c } from '../../incidents/journal/crc32c.ts';
import { frameRecord, readRecords } from '../../incidents/journal/frame.ts';
import { openJournal } from '../../incidents/journal/journal.ts';
import { quietLog } from '../database/quiet-log.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);

describe('CRC-32C', () => {
  // Vectors of RFC 3720, appendix B.4.
  test.each([
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', new Uint8Array(32).fill(255), 0x62a8ab43],
    ['0..31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['31..0', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  ])('%s', (_, data, sum) => expect(crc32c(data)).toBe(sum));
});

describe('journal records', () => {
  const payloads = Array.from({ length: 40 }, (_, i) => bytes(`record ${i} ${'x'.repeat((i * 37) % 300)}`));
  const frames = payloads.map((payload, i) => frameRecord(i, payload));
  const log = Buffer.concat(frames);
  let end = 0;
  const ends = frames.map((frame) => {
    end += frame.length;
    return end;
  });

  test('cut anywhere, every record before the cut is read and the cut itself is seen', () => {
    for (let length = 0; length <= log.length; length++) {
      const content = readRecords(log.subarray(0, length));
      const whole = ends.filter((end) => end <= length).length;
      expect(content.records.length).toBe(whole);
      expect(content.state).toBe(length === 0 || ends.includes(length) ? 'whole' : 'torn');
    }
  });

  test('every flipped bit is seen, and costs no other record than its own', () => {
    fc.assert(
      fc.property(fc.nat(log.length - 1), fc.nat(7), (at, bit) => {
        const damaged = Buffer.from(log);
        damaged[at] ^= 1 << bit;
        const content = readRecords(damaged);
        const hit = ends.findIndex((end) => at < end);
        expect(content.state).not.toBe('whole');
        expect(content.records.map(text)).toEqual(payloads.filter((_, i) => i !== hit).map(text));
      }),
      { numRuns: 3000 },
    );
  });

  test('a record missing in the middle is seen', () => {
    const content = readRecords(Buffer.concat(frames.filter((_, i) => i !== 7)));
    expect(content).toMatchObject({ state: 'damaged', firstBad: ends[6] });
    expect(content.records).toHaveLength(39);
  });
});

describe('journal', () => {
  const folders: string[] = [];
  const newFolder = (): string => {
    const path = mkdtempSync(join(tmpdir(), 'rahban-journal-'));
    folders.push(path);
    return path;
  };
  afterEach(() => {
    for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
  });
  const open = (files: JournalFiles, more = {}) => openJournal({ files, log: quietLog(), ...more });
  const replayAll = async (files: JournalFiles): Promise<string[]> => {
    const journal = await open(files);
    const seen: string[] = [];
    await journal.replay(async (records) => {
      seen.push(...records.map(text));
    });
    return seen;
  };

  test('what was appended is replayed once, in order, over restarts', async () => {
    const files = journalFolder(newFolder());
    const first = await open(files);
    await Promise.all([1, 2, 3].map((n) => first.append(bytes(`a${n}`))));
    await first.close();
    const second = await open(files);
    await second.append(bytes('b'));
    await second.close();
    expect(await replayAll(files)).toEqual(['a1', 'a2', 'a3', 'b']);
    expect(await replayAll(files)).toEqual([]);
  });

  test('records stay when applying them fails, and new ones are taken meanwhile', async () => {
    const files = journalFolder(newFolder());
    const journal = await open(files);
    await journal.append(bytes('a'));
    await expect(
      journal.replay(async () => {
        await journal.append(bytes('b'));
        throw new Error('database away');
      }),
    ).rejects.toThrow('away');
    expect(journal.waiting()).toBe(true);
    await journal.close();
    expect(await replayAll(files)).toEqual(['a', 'b']);
  });

  test('a full journal refuses', async () => {
    const journal = await open(journalFolder(newFolder()), { totalLimit: 300 });
    await journal.append(bytes('x'.repeat(100)));
    await expect(journal.append(bytes('y'.repeat(200)))).rejects.toThrow('full');
  });

  // The n-th disk operation fails, for every n: nothing that was acknowledged may be missing, and no descriptor is synced again after its sync failed.
  test.each(['write', 'sync', 'create', 'syncFolder'] as const)(
    'a failing %s is never acknowledged',
    async (operation) => {
      for (let failing = 1; failing <= 12; failing++) {
        const real = journalFolder(newFolder());
        let calls = 0;
        const fail = async (name: string): Promise<void> => {
          if (name === operation && ++calls === failing)
            throw Object.assign(new Error('no space left'), { code: operation === 'sync' ? 'EIO' : 'ENOSPC' });
        };
        const syncedAfterFailure: string[] = [];
        const files: JournalFiles = {
          ...real,
          async create(name) {
            await fail('create');
            const file = await real.create(name);
            let broken = false;
            return {
              async write(data) {
                if (broken) syncedAfterFailure.push(name);
                await fail('write').catch(async (error: unknown) => {
                  broken = true;
                  await file.write(data.subarray(0, data.length >> 1));
                  throw error;
                });
                await file.write(data);
              },
              async sync() {
                if (broken) syncedAfterFailure.push(name);
                await fail('sync').catch((error: unknown) => {
                  broken = true;
                  throw error;
                });
                await file.sync();
              },
              close: () => file.close(),
            };
          },
          async syncFolder() {
            await fail('syncFolder');
            await real.syncFolder();
          },
        };
        const journal = await open(files, { fileLimit: 200 });
        const acknowledged: string[] = [];
        let refused = 0;
        for (let i = 0; i < 12; i++)
          await journal.append(bytes(`record ${i} ${'.'.repeat(60)}`)).then(
            () => acknowledged.push(`record ${i} ${'.'.repeat(60)}`),
            () => refused++,
          );
        await journal.close();
        const kept = await replayAll(real);
        expect(kept).toEqual(expect.arrayContaining(acknowledged));
        expect(syncedAfterFailure).toEqual([]);
        if (failing === 1) expect(refused).toBe(1);
        expect(acknowledged.length + refused).toBe(12);
      }
    },
  );
});
