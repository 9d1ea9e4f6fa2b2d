import { ConfigError, loadConfig } from './config.ts';
import { createLog } from './log.ts';
import { type Platform, startPlatform } from './platform.ts';
import { StartError } from './start-error.ts';

/** Longest clean stop, ms; afterwards the process ends with code 1 rather than hang. */
const stopPatienceMs = 20_000;

function fail(error: unknown): never {
  const known = error instanceof ConfigError || error instanceof StartError;
  process.stderr.write(
    `rahban: ${known ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(error instanceof ConfigError ? 2 : 1);
}

function announce(platform: Platform, seconds: number): void {
  const { addresses, demoAccounts } = platform;
  const rows: [string, string][] = [
    ['page', addresses.http ?? ''],
    ['API', `${addresses.http}docs`],
    ['metrics', `${addresses.http}metrics`],
    ...Object.entries(addresses)
      .filter(([name]) => name !== 'http')
      .map(([name, address]): [string, string] => [name.toUpperCase(), address]),
  ];
  const accounts = demoAccounts.map(
    ({ name, role, password }) => `  ${role.padEnd(16)} ${name.padEnd(16)} ${password}`,
  );
  process.stdout.write(
    `\nRahban is ready (${seconds.toFixed(1)} s)\n${rows.map(([name, value]) => `  ${name.padEnd(9)} ${value}`).join('\n')}\n${
      accounts.length > 0 ? `demo accounts (role, name, password)\n${accounts.join('\n')}\n` : ''
    }stop with Ctrl-C\n`,
  );
}

const begun = performance.now();
const config = (() => {
  try {
    return loadConfig(process.argv.slice(2), process.env);
  } catch (error) {
    return fail(error);
  }
})();
const log = createLog(config.logLevel, 'house');
const aborted = new AbortController();
let starting: Promise<Platform> | undefined;
let stopping = false;

async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  aborted.abort();
  const timer = setTimeout(() => {
    log.fatal(`not stopped after ${stopPatienceMs} ms`);
    process.exit(1);
  }, stopPatienceMs);
  timer.unref();
  try {
    // A start under way ends at its next step and closes what it opened: no database is left behind.
    await starting?.then(
      (platform) => platform.stop(),
      () => {},
    );
    process.exit(code);
  } catch (error) {
    log.fatal({ error }, 'the stop failed');
    process.exit(1);
  }
}

process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));
// A parent that spawned us with a channel and died takes us with it.
if (process.send !== undefined) process.on('disconnect', () => void stop(0));
// What was acknowledged is on disk; what is unknown now is not worth acknowledging more: stop, and let the supervisor restart.
process.on('uncaughtException', (error) => {
  log.fatal({ error: { message: error.message, stack: error.stack } }, 'uncaught exception');
  void stop(1);
});

starting = startPlatform(config, log, aborted.signal, (text) => process.stderr.write(`- ${text}\n`));
try {
  const platform = await starting;
  if (!stopping) {
    announce(platform, (performance.now() - begun) / 1000);
    process.send?.({ type: 'ready', addresses: platform.addresses });
  }
  platform.failed.then((reason) => {
    log.fatal({ reason }, 'a part of the platform ended');
    void stop(1);
  });
} catch (error) {
  if (!stopping) fail(error);
}
