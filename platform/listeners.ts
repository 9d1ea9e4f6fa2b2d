import { readFileSync } from 'node:fs';
import type { EmbeddedBrokerOptions, ExternalSourceOptions } from '../broker/index.ts';
import type { Config } from '../config.ts';
import { StartError } from '../start-error.ts';

function pem(path: string, option: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new StartError(`${option} ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The embedded broker with its listeners, or the client of an external one when MQTT_URL is set. */
export function brokerChoice(
  config: Config,
  dataDir: string,
): {
  readonly embedded: Omit<EmbeddedBrokerOptions, 'now'> | undefined;
  readonly external: ExternalSourceOptions | undefined;
} {
  if (config.mqttUrl !== '') {
    const url = new URL(config.mqttUrl);
    if (config.mqttUser !== '') url.username = encodeURIComponent(config.mqttUser);
    if (config.mqttPassword !== '') url.password = encodeURIComponent(config.mqttPassword);
    return { embedded: undefined, external: { url: url.href, dataDir } };
  }
  const { host } = config;
  const tls =
    config.tlsCert === ''
      ? {}
      : {
          tls: {
            host,
            port: config.mqttTlsPort,
            cert: pem(config.tlsCert, '--tls-cert'),
            key: pem(config.tlsKey, '--tls-key'),
          },
        };
  return {
    embedded: { dataDir, tcp: { host, port: config.mqttPort }, ws: { host, port: config.mqttWsPort }, ...tls },
    external: undefined,
  };
}
