import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { parseArgs } from 'node:util';

/** Every option of the platform. Precedence: flag, environment, file (`--config`, JSON), default. */
export interface Config {
  readonly host: string;
  readonly httpPort: number;
  readonly mqttPort: number;
  readonly mqttWsPort: number;
  readonly mqttTlsPort: number;
  readonly tlsCert: string;
  readonly tlsKey: string;
  readonly dataDir: string;
  readonly map: string;
  readonly demo: boolean;
  readonly demoVehicles: number;
  readonly fleetCapacity: number;
  readonly blackBoxMiB: number;
  readonly friction: number;
  readonly clockRate: number;
  readonly clockOriginMs: number;
  readonly congestionMinVehicles: number;
  readonly congestionRetentionDays: number;
  readonly trustedProxies: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly logLevel: string;
  readonly mqttUrl: string;
  readonly mqttUser: string;
  readonly mqttPassword: string;
  readonly databaseUrl: string;
  readonly influxUrl: string;
  readonly influxToken: string;
  readonly influxOrg: string;
  readonly influxBucket: string;
  readonly influxV1Database: string;
}

interface OptionBase {
  readonly key: keyof Config;
  readonly env: string;
  readonly about: string;
}
export type OptionSpec =
  | (OptionBase & {
      readonly kind: 'text';
      readonly default: string;
      readonly check?: (value: string) => string | undefined;
    })
  | (OptionBase & {
      readonly kind: 'number';
      readonly default: number;
      readonly min: number;
      readonly max: number;
      readonly integer: boolean;
      readonly unit: string;
    })
  | (OptionBase & { readonly kind: 'switch'; readonly default: boolean })
  | (OptionBase & { readonly kind: 'list'; readonly default: readonly string[] });

const oneOf =
  (...legal: readonly string[]) =>
  (value: string): string | undefined =>
    legal.includes(value) ? undefined : `one of ${legal.join(', ')}`;
const urlOf =
  (...schemes: readonly string[]) =>
  (value: string): string | undefined => {
    if (value === '') return undefined;
    const scheme = URL.canParse(value) ? new URL(value).protocol.slice(0, -1) : '';
    return schemes.includes(scheme) ? undefined : `a URL with the scheme ${schemes.join(' or ')}, or nothing`;
  };
const address = (value: string): string | undefined =>
  isIP(value) !== 0 || value === 'localhost' ? undefined : 'an IP address of this machine, or localhost';
const port = (key: keyof Config, env: string, fallback: number, about: string): OptionSpec => ({
  key,
  env,
  about,
  kind: 'number',
  default: fallback,
  min: 0,
  max: 65535,
  integer: true,
  unit: 'port, 0 = a free one',
});

/** The one table: flags, environment names, help text, checks and the generated part of docs/options.md come from it. */
export const optionSpecs: readonly OptionSpec[] = [
  {
    key: 'host',
    env: 'RAHBAN_HOST',
    kind: 'text',
    default: '127.0.0.1',
    about:
      'Address of the listeners; MQTT outside loopback is encrypted and needs a certificate, plain MQTT stays on 127.0.0.1',
    check: address,
  },
  port('httpPort', 'RAHBAN_HTTP_PORT', 8080, 'Pages, API and live stream'),
  port('mqttPort', 'RAHBAN_MQTT_PORT', 1883, 'MQTT over TCP'),
  port('mqttWsPort', 'RAHBAN_MQTT_WS_PORT', 9001, 'MQTT over WebSocket'),
  port('mqttTlsPort', 'RAHBAN_MQTT_TLS_PORT', 8883, 'MQTT over TLS, when a certificate is given'),
  { key: 'tlsCert', env: 'RAHBAN_TLS_CERT', kind: 'text', default: '', about: 'PEM file of the certificate chain' },
  { key: 'tlsKey', env: 'RAHBAN_TLS_KEY', kind: 'text', default: '', about: 'PEM file of its private key' },
  {
    key: 'dataDir',
    env: 'RAHBAN_DATA_DIR',
    kind: 'text',
    default: './data',
    about: 'Everything that is kept: database, journals, keys, built maps, what was learned of the traffic',
  },
  {
    key: 'map',
    env: 'RAHBAN_MAP',
    kind: 'text',
    default: 'maps/monaco_2016.osm.pbf',
    about: 'City map: .osm.pbf, or SUMO .net.xml[.gz]',
  },
  { key: 'demo', env: 'RAHBAN_DEMO', kind: 'switch', default: false, about: 'Simulated traffic and demo accounts' },
  {
    key: 'demoVehicles',
    env: 'RAHBAN_DEMO_VEHICLES',
    kind: 'number',
    default: 150,
    min: 2,
    max: 5000,
    integer: true,
    unit: 'vehicles',
    about: 'Size of the simulated traffic',
  },
  {
    key: 'fleetCapacity',
    env: 'RAHBAN_FLEET_CAPACITY',
    kind: 'number',
    default: 20000,
    min: 2,
    max: 1_000_000,
    integer: true,
    unit: 'vehicles',
    about: 'Vehicles held at once',
  },
  {
    key: 'blackBoxMiB',
    env: 'RAHBAN_BLACK_BOX_MIB',
    kind: 'number',
    default: 128,
    min: 1,
    max: 4096,
    integer: true,
    unit: 'MiB',
    about: 'Memory for the last minute of raw messages',
  },
  {
    key: 'friction',
    env: 'RAHBAN_FRICTION',
    kind: 'number',
    default: 1,
    min: 0.1,
    max: 1,
    integer: false,
    unit: '1 dry, 0.7 wet, 0.35 ice',
    about: 'Scales every assumed deceleration',
  },
  {
    key: 'clockRate',
    env: 'RAHBAN_CLOCK_RATE',
    kind: 'number',
    default: 1,
    min: 1,
    max: 50,
    integer: false,
    unit: 'platform seconds per second',
    about: 'Faster than life, for replays only',
  },
  {
    key: 'clockOriginMs',
    env: 'RAHBAN_CLOCK_ORIGIN_MS',
    kind: 'number',
    default: 0,
    min: 0,
    max: 4_102_444_800_000,
    integer: true,
    unit: 'UTC ms, 0 = the start of the platform',
    about: 'Instant at which the fast clock and the wall clock agree',
  },
  {
    key: 'congestionMinVehicles',
    env: 'RAHBAN_CONGESTION_MIN_VEHICLES',
    kind: 'number',
    default: 5,
    min: 1,
    max: 100,
    integer: true,
    unit: 'vehicles',
    about: 'Fewer distinct vehicles in a minute and the street is shown as unknown',
  },
  {
    key: 'congestionRetentionDays',
    env: 'RAHBAN_CONGESTION_RETENTION_DAYS',
    kind: 'number',
    default: 90,
    min: 1,
    max: 3650,
    integer: true,
    unit: 'days',
    about: 'Congestion history kept in PostgreSQL',
  },
  {
    key: 'trustedProxies',
    env: 'RAHBAN_TRUSTED_PROXIES',
    kind: 'list',
    default: [],
    about: 'Addresses or CIDR blocks whose X-Forwarded-For is believed',
  },
  {
    key: 'allowedOrigins',
    env: 'RAHBAN_ALLOWED_ORIGINS',
    kind: 'list',
    default: [],
    about: 'Web origins, besides our own, that may open the live stream',
  },
  {
    key: 'logLevel',
    env: 'RAHBAN_LOG_LEVEL',
    kind: 'text',
    default: 'info',
    about: 'Least severe log level written',
    check: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
  },
  {
    key: 'mqttUrl',
    env: 'MQTT_URL',
    kind: 'text',
    default: '',
    about: 'External broker instead of the embedded one',
    check: urlOf('mqtt', 'mqtts', 'ws', 'wss'),
  },
  { key: 'mqttUser', env: 'MQTT_USER', kind: 'text', default: '', about: 'User name at the external broker' },
  { key: 'mqttPassword', env: 'MQTT_PASSWORD', kind: 'text', default: '', about: 'Password at the external broker' },
  {
    key: 'databaseUrl',
    env: 'DATABASE_URL',
    kind: 'text',
    default: '',
    about: 'PostgreSQL instead of the embedded one',
    check: urlOf('postgres', 'postgresql'),
  },
  {
    key: 'influxUrl',
    env: 'INFLUX_URL',
    kind: 'text',
    default: '',
    about: 'InfluxDB for congestion history',
    check: urlOf('http', 'https'),
  },
  { key: 'influxToken', env: 'INFLUX_TOKEN', kind: 'text', default: '', about: 'Token (v2, v3)' },
  { key: 'influxOrg', env: 'INFLUX_ORG', kind: 'text', default: 'rahban', about: 'Organisation (v2, v3)' },
  { key: 'influxBucket', env: 'INFLUX_BUCKET', kind: 'text', default: 'rahban', about: 'Bucket (v2, v3)' },
  {
    key: 'influxV1Database',
    env: 'INFLUX_V1_DATABASE',
    kind: 'text',
    default: '',
    about: 'Database of an InfluxDB 1.x; chooses the 1.x write path',
  },
];

/** A wrong option: the message names the option, the value and what is legal. */
export class ConfigError extends Error {}

export const flagOf = (spec: OptionSpec): string => spec.key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function parseValue(
  spec: OptionSpec,
  raw: string | number | boolean | readonly string[],
  from: string,
): Config[keyof Config] {
  const refuse = (legal: string): never => {
    throw new ConfigError(`${from}: ${JSON.stringify(raw)} is not legal for --${flagOf(spec)}; legal: ${legal}`);
  };
  if (spec.kind === 'number') {
    const value =
      typeof raw === 'number' ? raw : typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : Number.NaN;
    const legal = value >= spec.min && value <= spec.max && (!spec.integer || Number.isInteger(value));
    return legal
      ? value
      : refuse(`${spec.integer ? 'a whole number' : 'a number'} from ${spec.min} to ${spec.max} (${spec.unit})`);
  }
  if (spec.kind === 'switch') {
    if (typeof raw === 'boolean') return raw;
    const word = String(raw).toLowerCase();
    if (['on', 'true', '1', 'yes'].includes(word)) return true;
    return ['off', 'false', '0', 'no'].includes(word) ? false : refuse('on or off');
  }
  if (spec.kind === 'list') {
    if (Array.isArray(raw)) return raw.map(String);
    return String(raw)
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  }
  if (typeof raw !== 'string') return refuse('a text');
  const legal = spec.check?.(raw);
  return legal === undefined ? raw : refuse(legal);
}

function readConfigFile(path: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError(`--config ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed))
    throw new ConfigError(`--config ${path}: expected a JSON object`);
  const known = new Set<string>(optionSpecs.map((spec) => spec.key));
  const strange = Object.keys(parsed).filter((key) => !known.has(key));
  if (strange.length > 0)
    throw new ConfigError(`--config ${path}: unknown option ${strange.join(', ')}; known: ${[...known].join(', ')}`);
  return parsed as Record<string, unknown>;
}

/**
 * Reads and checks all options.
 * @throws ConfigError naming the first wrong one, its value and its legal range.
 */
export function loadConfig(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Config {
  const flags = Object.fromEntries(optionSpecs.map((spec) => [flagOf(spec), { type: 'string' as const }]));
  let values: Record<string, string | undefined>;
  try {
    values = parseArgs({
      args: [...argv],
      options: { ...flags, config: { type: 'string' } },
      strict: true,
      allowPositionals: false,
    }).values as Record<string, string | undefined>;
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
  const configFile = values.config ?? env.RAHBAN_CONFIG;
  const file = configFile === undefined ? {} : readConfigFile(configFile);
  const config: Record<string, unknown> = {};
  for (const spec of optionSpecs) {
    const flag = values[flagOf(spec)];
    const fromEnv = env[spec.env];
    const fromFile = file[spec.key];
    if (flag !== undefined) config[spec.key] = parseValue(spec, flag, 'flag');
    else if (fromEnv !== undefined && fromEnv !== '') config[spec.key] = parseValue(spec, fromEnv, spec.env);
    else if (fromFile !== undefined) config[spec.key] = parseValue(spec, fromFile as string, `file ${configFile}`);
    else config[spec.key] = spec.default;
  }
  if ((config.tlsCert === '') !== (config.tlsKey === ''))
    throw new ConfigError('--tls-cert and --tls-key: give both or neither');
  return config as Partial<Config> as Config;
}
