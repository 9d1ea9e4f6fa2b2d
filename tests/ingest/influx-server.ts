import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../fixtures/tools.ts';

/** A real InfluxDB 1.x in a folder of its own, on free ports of the loopback interface. */
export async function realInflux(program: string) {
  const directory = await mkdtemp(join(tmpdir(), 'rahban-influxd-'));
  const port = await freePort();
  const backup = await freePort();
  const config = join(directory, 'influxdb.conf');
  await writeFile(
    config,
    `reporting-disabled = true
bind-address = "127.0.0.1:${backup}"
[meta]
dir = "${directory}/meta"
[data]
dir = "${directory}/data"
wal-dir = "${directory}/wal"
[http]
bind-address = "127.0.0.1:${port}"
log-enabled = false
[monitor]
store-enabled = false
`,
  );
  const url = `http://127.0.0.1:${port}`;
  let server: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    const child = spawn(program, ['-config', config], { stdio: 'ignore' });
    server = child;
    for (let attempt = 0; attempt < 400; attempt += 1) {
      if (child.exitCode !== null) throw new Error(`influxd ended with ${child.exitCode}`);
      const up = await fetch(`${url}/ping`).then(
        (response) => response.status === 204,
        () => false,
      );
      if (up) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('influxd did not come up in 20 s');
  };
  const kill = async (): Promise<void> => {
    const child = server;
    server = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  };
  /** Rows of a query as the server gives them, times in ms. */
  const query = async (
    database: string,
    text: string,
  ): Promise<{ tags?: Record<string, string>; columns: string[]; values: unknown[][] }[]> => {
    const response = await fetch(`${url}/query?${new URLSearchParams({ db: database, epoch: 'ms', q: text })}`);
    const answer = (await response.json()) as { results: { series?: []; error?: string }[] };
    if (answer.results[0]?.error !== undefined) throw new Error(answer.results[0].error);
    return answer.results[0]?.series ?? [];
  };
  const remove = async (): Promise<void> => {
    await kill();
    await rm(directory, { recursive: true, force: true });
  };
  await start();
  return { url, start, kill, query, remove };
}
