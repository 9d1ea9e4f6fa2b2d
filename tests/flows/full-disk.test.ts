import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newDataDir, type RunningPlatform, removeDataDir, runPlatform } from '../fixtures/platform.ts';
import { addPolice, metricsOf, police } from './http.ts';
import { connect, crashReport, credential } from './larvotto.ts';
import { storedReports } from './records.ts';

const mount = (folder: string): boolean =>
  process.getuid?.() === 0 &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=160m', 'rahban-test', folder]).status === 0;
const unmount = (folder: string): void => {
  spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
};
const probe = newDataDir();
const mountable = mount(probe);
unmount(probe);

/** Writes until nothing more fits. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  for (const size of [1 << 20, 1 << 12]) {
    const chunk = Buffer.alloc(size, 1);
    try {
      while (writeSync(file, chunk) === size);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }
  closeSync(file);
}

const describeOnSmallDisk = mountable ? describe : describe.skip;
describeOnSmallDisk(
  `a disk without room${mountable ? '' : ' [not run: a small file system can only be mounted by root]'}`,
  { timeout: 90_000 },
  () => {
    const mountPoint = newDataDir();
    const dataDir = join(mountPoint, 'data');
    const filler = join(mountPoint, 'filler');
    let platform: RunningPlatform;
    let secret = '';
    beforeAll(async () => {
      expect(mount(mountPoint)).toBe(true);
      mkdirSync(dataDir);
      platform = await runPlatform(dataDir);
      secret = credential(dataDir, 'car-a');
      addPolice(dataDir);
    });
    afterAll(async () => {
      await platform.stop();
      removeDataDir(dataDir);
      unmount(mountPoint);
    });

    it('acknowledges nothing that is not on it, stays up, and works again when there is room', async () => {
      const acknowledged: string[] = [];
      let next = 0;
      /** True when the platform acknowledged the report. */
      const report = async (): Promise<boolean> => {
        const id = `report-${String(next++).padStart(4, '0')}`;
        const car = await connect(platform, 'car-a', secret);
        const sent = car
          .publishAsync('rahban/v1/incidents/car-a', crashReport(id, next * 90), { qos: 1 })
          .then(() => true);
        const cut = new Promise<boolean>((resolve) => {
          car.once('close', () => resolve(false));
        });
        const kept = await Promise.race([sent, cut]);
        sent.catch(() => {});
        if (kept) acknowledged.push(id);
        car.end(true);
        return kept;
      };
      expect(await report()).toBe(true);
      fill(filler);
      // What is free inside the database's own files may still be used; then nothing is left.
      let kept = true;
      while (kept && next < 300) kept = await report();
      expect(kept).toBe(false);
      for (const counter of ['rahban_broker_durable_failed_total', 'rahban_incidents_refused_total'])
        await expect
          .poll(async () => (await metricsOf(platform)).get(counter), { timeout: 5_000, message: counter })
          .toBeGreaterThanOrEqual(1);
      expect((await fetch(`${platform.addresses.http}livez`)).status).toBe(200);

      rmSync(filler);
      await expect.poll(report, { timeout: 30_000, interval: 500 }).toBe(true);
      expect(platform.process.exitCode, platform.output()).toBeNull();
      await expect
        .poll(async () => [...(await storedReports(await police(platform)))], { timeout: 20_000, interval: 500 })
        .toEqual(expect.arrayContaining(acknowledged));
    });
  },
);
