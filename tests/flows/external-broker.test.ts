import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newDataDir, type RunningPlatform, removeDataDir, runPlatform } from '../fixtures/platform.ts';
import { findTool } from '../fixtures/tools.ts';
import { metricsOf } from './http.ts';
import { connect, crashReport, headOn, pointAt } from './larvotto.ts';
import { secretOf, startMosquitto } from './mosquitto.ts';

const available = findTool('mosquitto') !== undefined && findTool('mosquitto_passwd') !== undefined;
const describeWithMosquitto = available ? describe : describe.skip;

describeWithMosquitto(
  `the platform behind a Mosquitto${available ? '' : ' [not run: mosquitto is not installed]'}`,
  { timeout: 60_000 },
  () => {
    const dataDir = newDataDir();
    let broker: Awaited<ReturnType<typeof startMosquitto>>;
    let platform: RunningPlatform;
    const enter = (id: string, suffix = '') =>
      connect({ ...platform, addresses: { mqtt: broker.url } }, id, secretOf(id), { clientId: `${id}${suffix}` });
    beforeAll(async () => {
      broker = await startMosquitto(['car-a', 'car-b']);
      platform = await runPlatform(dataDir, {
        MQTT_URL: broker.url,
        MQTT_USER: 'platform',
        MQTT_PASSWORD: secretOf('platform'),
      });
    });
    afterAll(async () => {
      await platform.stop();
      await broker.stop();
      removeDataDir(dataDir);
    });

    it('reads telemetry from it and publishes the warnings on it', async () => {
      const cars = [await enter('car-a'), await enter('car-b')] as const;
      const heard = await headOn([...cars], ['car-a', 'car-b']);
      for (const id of ['car-a', 'car-b'])
        expect(
          heard[id]?.some(({ stage }) => stage >= 2),
          platform.output(),
        ).toBe(true);
      for (const car of cars) await car.endAsync();
    });

    it('has an incident on disk before the vehicle reads its receipt', async () => {
      const car = await enter('car-a', '-reports');
      await car.subscribeAsync('rahban/v1/receipts/car-a', { qos: 1 });
      const receipt = new Promise<{ accepted: boolean; reportId: string; trackingCode: string }>((resolve) => {
        car.once('message', (_topic, payload) => resolve(JSON.parse(payload.toString())));
      });
      await car.publishAsync('rahban/v1/incidents/car-a', crashReport('through-mosquitto', 100), { qos: 1 });
      const { accepted, reportId, trackingCode } = await receipt;
      expect({ accepted, reportId }).toEqual({ accepted: true, reportId: 'through-mosquitto' });
      const answer = await fetch(`${platform.addresses.http}api/v1/incidents/${trackingCode}`);
      expect(answer.status).toBe(200);
      expect(((await answer.json()) as { place: { lat: number } }).place.lat).toBeCloseTo(pointAt(100).lat, 4);
      expect((await metricsOf(platform)).get('rahban_incidents_committed_total')).toBeGreaterThanOrEqual(1);
      await car.endAsync();
    });

    it('says that it is there, retained, and says goodbye', async () => {
      const listener = await enter('car-b', '-status');
      const said: string[] = [];
      listener.on('message', (_topic, payload, packet) => {
        said.push(`${(JSON.parse(payload.toString()) as { state: string }).state}${packet.retain ? ', retained' : ''}`);
      });
      await listener.subscribeAsync('rahban/v1/status', { qos: 1 });
      await expect.poll(() => said).toEqual(['online, retained']);
      expect(await platform.stop(), platform.output()).toBe(0);
      await expect.poll(() => said.at(-1)).toBe('offline');
      await listener.endAsync();
    });
  },
);
