import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, flagOf, loadConfig, optionSpecs } from '../../config.ts';

function fileWith(content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'rahban-config-')), 'config.json');
  writeFileSync(path, content);
  return path;
}

describe('options', () => {
  it('take the flag before the environment before the file before the default', () => {
    const file = fileWith('{"httpPort": 1, "mqttPort": 2, "host": "localhost"}');
    const config = loadConfig(['--http-port', '3', '--config', file], { RAHBAN_HTTP_PORT: '4', RAHBAN_MQTT_PORT: '5' });
    expect([config.httpPort, config.mqttPort, config.host, config.mqttWsPort]).toEqual([3, 5, 'localhost', 9001]);
  });

  it.each([
    [['--http-port', '70000'], '70000', '0 to 65535'],
    [['--http-port', '80.5'], '80.5', 'whole number'],
    [['--http-port', ''], '""', '0 to 65535'],
    [['--friction', 'NaN'], 'NaN', '0.1 to 1'],
    [['--demo', 'perhaps'], 'perhaps', 'on or off'],
    [['--host', 'example.org'], 'example.org', 'IP address'],
    [['--log-level', 'loud'], 'loud', 'trace'],
    [['--mqtt-url', 'http://x'], 'http://x', 'mqtt'],
    [['--database-url', 'mysql://x'], 'mysql://x', 'postgres'],
  ])('%j is refused with the value and what is legal', (argv, value, legal) => {
    expect(() => loadConfig(argv, {})).toThrow(ConfigError);
    expect(() => loadConfig(argv, {})).toThrow(value);
    expect(() => loadConfig(argv, {})).toThrow(legal);
  });

  it('refuse an unknown flag, an unknown key of the file and a file that is no JSON object', () => {
    expect(() => loadConfig(['--colour', 'red'], {})).toThrow(/colour/);
    expect(() => loadConfig(['--config', fileWith('{"colour": 1}')], {})).toThrow(/unknown option colour/);
    expect(() => loadConfig(['--config', fileWith('[1]')], {})).toThrow(/JSON object/);
    expect(() => loadConfig(['--config', fileWith('{')], {})).toThrow(ConfigError);
  });

  it('need certificate and key together', () => {
    expect(() => loadConfig(['--tls-cert', 'a.pem'], {})).toThrow(/both or neither/);
  });

  it('have defaults that are themselves legal', () => {
    for (const spec of optionSpecs) {
      const value =
        spec.kind === 'switch'
          ? spec.default
            ? 'on'
            : 'off'
          : spec.kind === 'list'
            ? spec.default.join(',')
            : String(spec.default);
      expect(
        loadConfig([`--${flagOf(spec)}=${value}`, ...(spec.key === 'tlsCert' ? ['--tls-key='] : [])], {})[spec.key],
      ).toEqual(spec.default);
    }
  });
});
