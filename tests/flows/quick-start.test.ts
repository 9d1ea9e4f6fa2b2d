import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newDataDir, type RunningPlatform, removeDataDir, runPlatform } from '../fixtures/platform.ts';
import { projectRoot } from '../fixtures/project-root.ts';
import { findTool } from '../fixtures/tools.ts';

/** The shell blocks of the README that follow a `quick-start` mark, in their order. */
function quickStart(): string {
  const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/<!-- quick-start: ([a-z]+) -->\n```sh\n([\s\S]*?)```/g)];
  expect(blocks.map((block) => block[1])).toEqual(['credentials', 'listen', 'drive']);
  return blocks.map((block) => block[2]).join('\n');
}

const available = findTool('mosquitto_pub') !== undefined && findTool('mosquitto_sub') !== undefined;

const describeQuickStart = available ? describe : describe.skip;
describeQuickStart(
  `the five-minute start of the README${available ? '' : ' [not run: mosquitto-clients is not installed]'}`,
  () => {
    const dataDir = newDataDir();
    let platform: RunningPlatform;
    beforeAll(async () => {
      platform = await runPlatform(dataDir);
    });
    afterAll(async () => {
      await platform.stop();
      removeDataDir(dataDir);
    });

    it('prints both drivers their warning before the vehicles meet, and its cancel after', {
      timeout: 60_000,
    }, async () => {
      const port = new URL(platform.addresses.mqtt ?? '').port;
      const script = `set -e\n${quickStart()}\nsleep 8; kill $(jobs -p) 2>/dev/null || true`;
      const shell = spawn('bash', ['-c', script], {
        cwd: projectRoot,
        env: { ...process.env, RAHBAN_MQTT_PORT: port, RAHBAN_DATA_DIR: dataDir },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let printed = '';
      let errors = '';
      shell.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
      });
      shell.stderr.on('data', (chunk: Buffer) => {
        errors += chunk.toString();
      });
      await once(shell, 'close');
      const warnings = printed
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map(
          (line) => JSON.parse(line) as { vehicleId: string; stage: number; eta: number; place: { street?: string } },
        );
      for (const vehicle of ['car-a', 'car-b']) {
        const own = warnings.filter(({ vehicleId }) => vehicleId === vehicle);
        expect(
          own.map(({ stage }) => stage),
          `${vehicle}: ${printed}${errors}${platform.output()}`,
        ).toEqual(expect.arrayContaining([2, 3, 0]));
        expect(own[0]?.eta).toBeGreaterThan(2);
        expect(own[0]?.place.street).toBe('Boulevard du Larvotto');
      }
    });
  },
);
