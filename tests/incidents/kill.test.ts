import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { openDatabase } from '../../database/index.ts';
import { createIncidentService } from '../../incidents/index.ts';
import { quietLog } from '../database/quiet-log.ts';

const rounds = 20;

/** Runs the writer until a random instant after its first acknowledgement, kills it, and returns what it acknowledged. */
async function killedRound(dataDir: string, round: number, afterMs: number): Promise<Map<string, string>> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'kill-writer.mjs'), dataDir, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acknowledged = new Map<string, string>();
  const lines = createInterface({ input: child.stdout });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  lines.on('line', (line) => {
    const [word, id, code] = line.split(' ');
    if (word === 'ready') setTimeout(() => child.kill('SIGKILL'), afterMs);
    if (word === 'ack') acknowledged.set(id, code);
  });
  await ended;
  expect(child.signalCode).toBe('SIGKILL');
  return acknowledged;
}

test(`after ${rounds} kills at random instants every acknowledged report is on record`, {
  timeout: 120_000,
}, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'rahban-kill-'));
  const acknowledged = new Map<string, string>();
  for (let round = 0; round < rounds; round++) {
    const afterMs = 5 + Math.random() * 250;
    for (const [id, code] of await killedRound(dataDir, round, afterMs)) acknowledged.set(id, code);
  }
  const log = quietLog();
  const database = await openDatabase({ dataDir, log, clock: Date.now });
  const service = await createIncidentService({
    database,
    dataDir,
    blackBox: async () => [],
    describePlace: () => undefined,
    clock: Date.now,
    random: (bytes) => randomBytes(bytes),
    log,
  });
  try {
    expect(acknowledged.size).toBeGreaterThan(rounds);
    const missing: string[] = [];
    for (const [id, code] of acknowledged) {
      const record = await service.get(code);
      if (record?.reports[0]?.reportId !== id) missing.push(id);
    }
    expect(missing).toEqual([]);
    expect(await service.verify()).toMatchObject({ ok: true });
  } finally {
    await service.stop();
    await database.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
