import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type EmbeddedFixture, embeddedFixture, nextMessage } from './embedded-fixture.ts';

let broker: EmbeddedFixture;
let secret: string;

beforeEach(async () => {
  broker = await embeddedFixture();
  secret = await broker.store.add({ principal: 'car-1', kind: 'vehicle' });
});
afterEach(() => broker.close());

test('a vehicle added while the broker runs may connect and is heard under its own name', async () => {
  const car = await vi.waitFor(() => broker.client('car-1', secret), { timeout: 3000 });
  await car.publishAsync('rahban/v1/telemetry/car-1', '{"x":1}', { qos: 1 });
  expect(broker.messages).toEqual([{ topic: 'rahban/v1/telemetry/car-1', text: '{"x":1}', principal: 'car-1' }]);
});

test('a warning reaches its vehicle, and the retained status says online', async () => {
  const car = await vi.waitFor(() => broker.client('car-1', secret), { timeout: 3000 });
  const status = nextMessage(car);
  await car.subscribeAsync(['rahban/v1/status', 'rahban/v1/warnings/car-1'], { qos: 1 });
  expect(JSON.parse(await status)).toMatchObject({ state: 'online' });
  const warning = nextMessage(car);
  expect(await broker.source.publish('rahban/v1/warnings/car-1', 'stop', { qos: 1 })).toBe(true);
  expect(await warning).toBe('stop');
});
