import { join } from 'node:path';
import type { Config } from '../config.ts';
import { InfluxWriter } from '../ingest/index.ts';

/** The InfluxDB writer with its disk spool, when INFLUX_URL is set. */
export async function openInflux(
  config: Config,
  dataDir: string,
  log: { warn(text: string): void },
): Promise<InfluxWriter | undefined> {
  if (config.influxUrl === '') return undefined;
  const target =
    config.influxV1Database === ''
      ? { org: config.influxOrg, bucket: config.influxBucket }
      : { v1Database: config.influxV1Database };
  return InfluxWriter.open({
    url: config.influxUrl,
    ...(config.influxToken === '' ? {} : { token: config.influxToken }),
    ...target,
    spool: { directory: join(dataDir, 'influx-spool') },
    now: Date.now,
    random: Math.random,
    onTrouble: (detail) => log.warn(`InfluxDB: ${detail}`),
  });
}
