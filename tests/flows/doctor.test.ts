import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newDataDir, rahban, removeDataDir } from '../fixtures/platform.ts';
import { projectRoot } from '../fixtures/project-root.ts';

const cli = join(projectRoot, 'dist', 'cli', 'main.js');

/** Runs the doctor; its findings by check, and the exit code. */
function doctor(args: readonly string[]) {
  const result = spawnSync(process.execPath, [cli, 'doctor', ...args, '--json'], { encoding: 'utf8' });
  const last = JSON.parse(result.stdout.trimEnd().split('\n').at(-1) ?? '') as {
    findings: { check: string; ok: boolean; detail: string }[];
  };
  return { code: result.status, findings: new Map(last.findings.map((finding) => [finding.check, finding])) };
}

describe('the doctor, and a platform started by `serve`', () => {
  const dataDir = newDataDir();
  const message = join(dataDir, 'state.json');
  const platform = spawn(
    process.execPath,
    [cli, 'serve', '--http-port', '0', '--mqtt-port', '0', '--mqtt-ws-port', '0', '--data-dir', dataDir],
    {
      cwd: projectRoot,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
  let http = '';
  let vehicle: string[] = [];
  beforeAll(async () => {
    const [ready] = (await once(platform, 'message')) as [{ addresses: Record<string, string> }];
    http = ready.addresses.http ?? '';
    const { secret } = rahban(['vehicle', 'add', 'patient', '--data-dir', dataDir, '--json']) as { secret: string };
    vehicle = [
      '--http',
      http,
      '--data-dir',
      dataDir,
      '--mqtt',
      ready.addresses.mqtt ?? '',
      '--user',
      'patient',
      '--password',
      secret,
    ];
  }, 120_000);
  afterAll(async () => {
    platform.kill('SIGTERM');
    const [code] = await once(platform, 'exit');
    expect(code).toBe(0);
    removeDataDir(dataDir);
  }, 60_000);

  it('finds everything good, and a good message accepted', () => {
    writeFileSync(message, JSON.stringify({ ts: Date.now(), lat: 43.74, lon: 7.42, speed: 5, heading: 90 }));
    const { code, findings } = doctor([...vehicle, '--message', message]);
    expect([...findings.values()].filter(({ ok }) => !ok)).toEqual([]);
    expect(findings.get('acceptance')?.detail).toContain('accepted');
    expect(code).toBe(0);
  });

  it('says for which reason the platform refused a message', () => {
    writeFileSync(
      message,
      JSON.stringify({ ts: Date.now() - 3_600_000, lat: 43.74, lon: 7.42, speed: 5, heading: 90 }),
    );
    const { code, findings } = doctor([...vehicle, '--message', message]);
    expect(findings.get('message')?.ok).toBe(true);
    expect(findings.get('acceptance')).toMatchObject({ ok: false, detail: expect.stringContaining('too-old') });
    expect(code).toBe(1);
  });

  it('says what is wrong with a password, and with a platform that is not there', () => {
    const wrong = doctor([...vehicle.slice(0, -1), 'not-the-password']);
    expect(wrong.findings.get('connection')).toMatchObject({ ok: false });
    const absent = doctor(['--http', 'http://127.0.0.1:1', '--data-dir', dataDir]);
    expect(absent.findings.get('platform')?.detail).toContain('does not answer');
    expect(absent.code).toBe(1);
  });

  it('refuses wrong usage with code 2', () => {
    expect(spawnSync(process.execPath, [cli, 'doctor', '--mqtt', 'mqtt://127.0.0.1:1']).status).toBe(2);
    expect(spawnSync(process.execPath, [cli, 'serve', '--http-port', 'x', '--data-dir', dataDir]).status).toBe(2);
  });
});
