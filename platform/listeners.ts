import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
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

/**
 * The embedded broker with its listeners, or the client of an external one when MQTT_URL is set. On an address that others reach
 * only encrypted listeners are opened; plain MQTT stays on loopback.
 * @throws StartError for a certificate that cannot be used, or a public address without one.
 */
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
  const open = !isLoopback(host);
  if (config.tlsCert === '') {
    if (open)
      throw new StartError(
        `RAHBAN_HOST ${host}: MQTT without encryption is served on loopback only; give --tls-cert and --tls-key, or keep 127.0.0.1`,
      );
    return {
      embedded: { dataDir, tcp: { host, port: config.mqttPort }, ws: { host, port: config.mqttWsPort } },
      external: undefined,
    };
  }
  return {
    embedded: {
      dataDir,
      tcp: { host: open ? '127.0.0.1' : host, port: config.mqttPort },
      ws: { host, port: config.mqttWsPort, secure: open },
      tls: { host, port: config.mqttTlsPort, ...keyPair(config.tlsCert, config.tlsKey) },
    },
    external: undefined,
  };
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);

/** Certificate and key, tried together: a pair that the listener would not take is told at the start. */
function keyPair(certPath: string, keyPath: string): { readonly cert: string; readonly key: string } {
  const pair = { cert: pem(certPath, '--tls-cert'), key: pem(keyPath, '--tls-key') };
  try {
    createSecureContext(pair);
  } catch (error) {
    throw new StartError(
      `--tls-cert ${certPath} and --tls-key ${keyPath} are not a PEM certificate and its private key: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return pair;
}
