import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newDataDir, type RunningPlatform, removeDataDir, runPlatform } from '../fixtures/platform.ts';
import { projectRoot } from '../fixtures/project-root.ts';
import { somebodyUses } from './records.ts';

/** Starts the platform with this environment and waits for its end. */
async function startAndFail(env: Readonly<Record<string, string>>, args: readonly string[] = []) {
  const child = spawn(process.execPath, [join(projectRoot, 'dist', 'main.js'), ...args], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, RAHBAN_HTTP_PORT: '0', RAHBAN_MQTT_PORT: '0', RAHBAN_MQTT_WS_PORT: '0', ...env },
  });
  let text = '';
  const keep = (chunk: Buffer): void => {
    text += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const [code] = (await once(child, 'close')) as [number | null];
  const lines = text.split('\n').filter((line) => line.startsWith('rahban: '));
  return { code, text, line: lines.length === 1 ? lines[0] : `${lines.length} lines: ${text}` };
}

describe('a platform that cannot start', { timeout: 60_000 }, () => {
  const root = newDataDir();
  let next = 0;
  const fresh = (): string => {
    const folder = join(root, `data-${next++}`);
    mkdirSync(folder);
    return folder;
  };
  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(root, name);
    writeFileSync(path, content);
    return path;
  };
  const refuses = async (
    env: Readonly<Record<string, string>>,
    code: number,
    says: readonly (string | RegExp)[],
    args: readonly string[] = [],
  ): Promise<void> => {
    const end = await startAndFail(env, args);
    expect(end.code, end.text).toBe(code);
    for (const part of says) expect(end.line).toMatch(part);
    expect(end.text).not.toMatch(/^\s+at /m);
    if (env.RAHBAN_DATA_DIR !== undefined) expect(somebodyUses(env.RAHBAN_DATA_DIR)).toBe(false);
  };
  afterAll(() => removeDataDir(root));

  it('names a taken port and the option that chooses another', async () => {
    const squatter = createServer();
    squatter.listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const address = squatter.address();
    const port = String(address !== null && typeof address === 'object' ? address.port : 0);
    const dataDir = fresh();
    for (const option of ['RAHBAN_MQTT_PORT', 'RAHBAN_MQTT_WS_PORT', 'RAHBAN_HTTP_PORT'])
      await refuses({ RAHBAN_DATA_DIR: dataDir, [option]: port }, 1, [`port ${port} is taken`, option]);
    squatter.close();
  });

  it('names a missing map and the option', async () => {
    const map = join(root, 'no-such-city.osm.pbf');
    await refuses({ RAHBAN_DATA_DIR: fresh(), RAHBAN_MAP: map }, 1, [map, '--map']);
  });

  it('names a broken map, whatever is broken about it', async () => {
    const dataDir = fresh();
    const whole = readFileSync(join(projectRoot, 'maps', 'monaco_2016.osm.pbf'));
    const flipped = Buffer.from(whole);
    for (let i = 1000; i < flipped.length; i += 97) flipped[i] = (flipped[i] as number) ^ 0x55;
    for (const map of [
      file('empty.osm.pbf', ''),
      file('text.osm.pbf', 'this is no map'),
      file('half.osm.pbf', whole.subarray(0, whole.length >> 1)),
      file('flipped.osm.pbf', flipped),
      file('half.net.xml', '<net version="1.16"><edge id="a" from="b"'),
      file('empty.net.xml', '<net/>'),
      file('text.net.xml.gz', 'this is no gzip'),
      file('half.net.xml.gz', gzipSync(`<net>${'<edge/>'.repeat(10_000)}</net>`).subarray(0, 100)),
    ])
      await refuses({ RAHBAN_DATA_DIR: dataDir, RAHBAN_MAP: map }, 1, [map, '--map']);
  });

  it('ends with code 2 for a wrong option, with its value and what is legal', async () => {
    const dataDir = fresh();
    await refuses({ RAHBAN_DATA_DIR: dataDir, RAHBAN_FRICTION: '7' }, 2, ['--friction', '7', '0.1 to 1']);
    await refuses({ RAHBAN_DATA_DIR: dataDir }, 2, ['--no-such-option'], ['--no-such-option', '3']);
    await refuses({ RAHBAN_DATA_DIR: dataDir, RAHBAN_HTTP_PORT: '99999' }, 2, ['99999', '0 to 65535']);
    await refuses({ RAHBAN_DATA_DIR: dataDir, RAHBAN_HOST: 'example.org' }, 2, ['example.org', '--host']);
    await refuses({ RAHBAN_DATA_DIR: dataDir, MQTT_URL: 'ftp://127.0.0.1' }, 2, ['ftp://127.0.0.1', '--mqtt-url']);
    await refuses({ RAHBAN_DATA_DIR: dataDir, RAHBAN_TLS_CERT: '/x.pem' }, 2, ['--tls-key']);
  });

  it('names a certificate that cannot be read or is none', async () => {
    const dataDir = fresh();
    const missing = join(root, 'no.pem');
    const junk = file('junk.pem', 'no certificate');
    await refuses({ RAHBAN_DATA_DIR: dataDir, RAHBAN_TLS_CERT: missing, RAHBAN_TLS_KEY: missing }, 1, [missing]);
    await refuses(
      { RAHBAN_DATA_DIR: dataDir, RAHBAN_TLS_CERT: junk, RAHBAN_TLS_KEY: junk, RAHBAN_MQTT_TLS_PORT: '0' },
      1,
      [junk, '--tls-cert'],
    );
  });

  it('names a data folder that cannot be made', async () => {
    const blocker = file('a-file', '');
    await refuses({ RAHBAN_DATA_DIR: join(blocker, 'data') }, 1, [blocker, 'RAHBAN_DATA_DIR']);
    // Nothing is closed to root.
    if (process.getuid?.() === 0) return;
    const closed = fresh();
    chmodSync(closed, 0o500);
    await refuses({ RAHBAN_DATA_DIR: closed }, 1, [closed, 'RAHBAN_DATA_DIR']);
  });

  it('names an address that others reach when no certificate is given for it', async () => {
    await refuses({ RAHBAN_DATA_DIR: fresh(), RAHBAN_HOST: '192.0.2.1' }, 1, ['192.0.2.1', '--tls-cert']);
  });

  it('names a database that does not answer', async () => {
    const env = { RAHBAN_DATA_DIR: fresh(), DATABASE_URL: 'postgres://rahban:secret@127.0.0.1:1/rahban' };
    const end = await startAndFail(env);
    expect(end.code, end.text).toBe(1);
    expect(end.line).toMatch('DATABASE_URL');
    expect(end.text).not.toMatch(/secret|^\s+at /m);
  });

  it('ends with 0 when it is told to stop while it starts, and leaves no database behind', async () => {
    const dataDir = fresh();
    const child = spawn(process.execPath, [join(projectRoot, 'dist', 'main.js')], {
      cwd: projectRoot,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        RAHBAN_HTTP_PORT: '0',
        RAHBAN_MQTT_PORT: '0',
        RAHBAN_MQTT_WS_PORT: '0',
        RAHBAN_DATA_DIR: dataDir,
      },
    });
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => {
      if (!text.includes('- routing') && `${text}${chunk}`.includes('- routing')) child.kill('SIGTERM');
      text += chunk.toString();
    });
    const [code] = (await once(child, 'close')) as [number | null];
    expect(text).toContain('- routing');
    expect(code, text).toBe(0);
    expect(text).not.toContain('threads');
    expect(somebodyUses(dataDir)).toBe(false);
  });

  describe('because another runs in its data folder', () => {
    const dataDir = newDataDir();
    let platform: RunningPlatform;
    beforeAll(async () => {
      platform = await runPlatform(dataDir);
    });
    afterAll(async () => {
      await platform.stop();
      removeDataDir(dataDir);
    });

    it('names the folder and the process, and leaves the other alone', async () => {
      const end = await startAndFail({ RAHBAN_DATA_DIR: dataDir });
      expect(end.code, end.text).toBe(1);
      expect(end.line).toMatch(dataDir);
      expect(end.line).toMatch(String(platform.process.pid));
      expect(end.text).not.toMatch(/^\s+at /m);
      expect((await fetch(`${platform.addresses.http}readyz`)).status).toBe(200);
      expect(platform.process.exitCode).toBeNull();
    });
  });
});
