import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTool, freePort } from '../fixtures/tools.ts';

const rules = `
user platform
topic read rahban/v1/telemetry/+
topic read rahban/v1/incidents/+
topic read owntracks/+/+
topic read +/inQueue/v2x/+/#
topic read +/+/inQueue/v2x/+/#
topic read +/+/+/inQueue/v2x/+/#
topic write rahban/v1/warnings/+
topic write rahban/v1/receipts/+
topic write rahban/v1/hazards/#
topic write +/outQueue/v2x/#
topic write +/+/outQueue/v2x/#
topic write rahban/v1/status
pattern write rahban/v1/telemetry/%u
pattern write rahban/v1/incidents/%u
pattern read rahban/v1/warnings/%u
pattern read rahban/v1/receipts/%u
pattern read rahban/v1/status
`;

export const secretOf = (user: string): string => `secret-of-${user}`;

/** A Mosquitto on a free port of loopback with these users besides `platform`, each bound to its own topics. */
export async function startMosquitto(users: readonly string[]): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'rahban-mosquitto-'));
  const file = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    chmodSync(path, 0o600);
    return path;
  };
  const port = await freePort();
  const passwords = file('passwords', ['platform', ...users].map((name) => `${name}:${secretOf(name)}\n`).join(''));
  execFileSync(findTool('mosquitto_passwd') ?? '', ['-U', passwords]);
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous false',
    `password_file ${passwords}`,
    `acl_file ${file('acl', rules)}`,
    ...(process.getuid?.() === 0 ? ['user root'] : []),
  ];
  const child = spawn(findTool('mosquitto') ?? '', ['-c', file('mosquitto.conf', `${lines.join('\n')}\n`)], {
    stdio: 'ignore',
  });
  for (let attempt = 0; !(await answers(port)); attempt++) {
    if (attempt === 100) throw new Error('mosquitto did not come up');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url: `mqtt://127.0.0.1:${port}`,
    stop: async () => {
      if (child.exitCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
