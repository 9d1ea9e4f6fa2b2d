import { accessSync, constants, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Config } from '../config.ts';
import { listenFailure, StartError } from '../start-error.ts';

/** Makes the data folder, or says why it cannot be used. @throws StartError */
export function makeDataFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.W_OK | constants.X_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `the data folder ${dataDir} cannot be written: ${why}; give another with --data-dir or RAHBAN_DATA_DIR`,
    );
  }
}

/** Opens and closes every port that will be needed, so that a taken one is told before minutes go into a map. @throws StartError */
export async function probePorts(config: Config): Promise<void> {
  const { host, httpPort, mqttPort, mqttWsPort, mqttTlsPort, tlsCert, mqttUrl } = config;
  const brokerPorts = mqttUrl === '' ? [mqttPort, mqttWsPort, ...(tlsCert === '' ? [] : [mqttTlsPort])] : [];
  for (const port of [httpPort, ...brokerPorts]) {
    try {
      await openAndClose(host, port);
    } catch (error) {
      throw listenFailure(error, portsOf(config));
    }
  }
}

/** The configured ports under the names that `listenFailure` knows. */
export function portsOf(config: Config): Readonly<Record<string, number>> {
  return { http: config.httpPort, mqtt: config.mqttPort, ws: config.mqttWsPort, tls: config.mqttTlsPort };
}

function openAndClose(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}
