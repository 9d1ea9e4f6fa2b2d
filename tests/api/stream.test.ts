import { once } from 'node:events';
import { createConnection } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LiveWarning } from '../../messages/index.ts';
import { apiUnderTest, record, type UnderTest } from './fixtures/api-under-test.ts';
import { listen } from './fixtures/stream-client.ts';

const everywhere = [51, 35, 52, 36] as const;
const warning: LiveWarning = {
  alertId: 'a1',
  vehicleId: 'car-17',
  stage: 2,
  class: 'rear-end',
  lat: 35.7,
  lon: 51.4,
  distance: 400,
  probability: 0.8,
  issuedMs: 0,
  validUntilMs: 1000,
};

let tested: UnderTest;
let url: string;
beforeAll(async () => {
  tested = await apiUnderTest({ streamsPerAddress: 6 });
  ({ url } = await tested.api.listen());
});
afterAll(() => tested.api.close());

describe('the live stream', () => {
  it('greets anybody, and shows them public transport only', async () => {
    const client = await listen(url);
    expect(await client.next('hello')).toMatchObject({ role: 'citizen', serverTimeMs: tested.clock.ms });
    client.ask({ view: everywhere, channels: ['vehicles'] });
    const frame = await client.next('vehicles');
    expect([frame.total, frame.items.map(([id]) => id)]).toEqual([1, ['bus-1']]);
    expect((await client.next('vehicles')).items).toHaveLength(1);
    client.socket.close();
  });

  it('shows the police every vehicle; the token comes as a subprotocol and is not echoed', async () => {
    const { accessToken } = await tested.signIn('police');
    const client = await listen(url, { token: accessToken });
    expect(client.socket.protocol).toBe('rahban.v1');
    expect((await client.next('hello')).role).toBe('police');
    client.ask({ view: everywhere, channels: ['vehicles'] });
    expect((await client.next('vehicles')).total).toBe(2);
    client.socket.close();
  });

  it('pushes warnings to all, with the vehicle for police and the driver concerned only', async () => {
    const police = await listen(url, { token: (await tested.signIn('police')).accessToken });
    const driver = await listen(url, { token: (await tested.signIn('driver')).accessToken });
    const citizen = await listen(url);
    for (const client of [police, driver, citizen]) {
      client.ask({ view: everywhere, channels: ['warnings', 'vehicles'] });
      await client.next('vehicles');
    }
    tested.api.pushWarning(warning);
    tested.api.pushWarning({ ...warning, vehicleId: 'car-99' });
    const ids = async (client: typeof police) => [
      (await client.next('warning')).item.vehicleId,
      (await client.next('warning')).item.vehicleId,
    ];
    expect(await ids(police)).toEqual(['car-17', 'car-99']);
    expect(await ids(driver)).toEqual(['car-17', undefined]);
    expect(await ids(citizen)).toEqual([undefined, undefined]);
    for (const client of [police, driver, citizen]) client.socket.close();
  });

  it('pushes incidents as they are on disk, and congestion known so far at once', async () => {
    const client = await listen(url);
    client.ask({ channels: ['incidents', 'congestion'] });
    expect((await client.next('congestion')).items).toEqual([[0, 7.6, 12, 0.9]]);
    tested.changeIncident(record);
    const { item } = await client.next('incident');
    expect(item.trackingCode).toBe(record.trackingCode);
    expect(JSON.stringify(item)).not.toMatch(/car-17|Sara|hash/);
    client.socket.close();
  });

  it.each([
    ['no JSON', 'hello'],
    ['a channel that does not exist', '{"channels":["secrets"]}'],
    ['a view turned round', '{"channels":[],"view":[52,35,51,36]}'],
    ['a view off the globe', '{"channels":[],"view":[-500,35,51,36]}'],
    ['a field too many', '{"channels":[],"x":1}'],
  ])('ends with 1008 on %s', async (_what, text) => {
    const client = await listen(url);
    client.socket.send(text);
    expect((await client.closed()).code).toBe(1008);
  });

  it('ends with 1009 on a message beyond 4 KiB', async () => {
    const client = await listen(url);
    client.socket.send('x'.repeat(5000));
    expect((await client.closed()).code).toBe(1009);
  });

  it('refuses a page from elsewhere, and admits our own and the allowed ones', async () => {
    const from = (origin: string) => listen(url, { headers: { origin } });
    await expect(from('https://evil.example')).rejects.toThrow('403');
    await expect(from('null')).rejects.toThrow('403');
    for (const origin of [url, 'https://map.example']) (await from(origin)).socket.close();
  });

  it('refuses a wrong token instead of taking the caller for a citizen', async () => {
    await expect(listen(url, { token: 'x.y.z' })).rejects.toThrow('401');
  });

  it('admits only so many of one address, and again when one has gone', async () => {
    const limited = await apiUnderTest({ streamsPerAddress: 2 });
    const at = (await limited.api.listen()).url;
    const [first] = [await listen(at), await listen(at)];
    await expect(listen(at)).rejects.toThrow('429');
    first.socket.close();
    await first.closed();
    await expect.poll(() => limited.api.streams()).toBe(1);
    (await listen(at)).socket.close();
    await limited.api.close();
  });

  it('ends a signed-in stream with 4401 when its token is over', async () => {
    const ageing = await apiUnderTest();
    const at = (await ageing.api.listen()).url;
    const client = await listen(at, { token: (await ageing.signIn('police')).accessToken });
    ageing.clock.ms += 15 * 60_000;
    expect(await client.closed()).toEqual({ code: 4401, reason: 'session-over' });
    await ageing.api.close();
  });

  it('cuts a client that reads nothing, and the others notice nothing of it', async () => {
    const full = await apiUnderTest({ streamTickMs: 50 }, () => ({
      wallNowMs: Date.now,
      vehicles: {
        get: () => undefined,
        inView: () => ({
          total: 5000,
          items: Array.from({ length: 5000 }, (_, i) => [`bus-${i}`, 51.4, 35.7, 0, 8, 6, 0, 0.2] as const),
        }),
      },
    }));
    const at = await full.api.listen();
    const deaf = createConnection(at.port, '127.0.0.1');
    deaf.on('error', () => undefined);
    deaf.write(
      `GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1:${at.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    );
    await once(deaf, 'data');
    deaf.pause();
    const wish = Buffer.from(JSON.stringify({ view: everywhere, channels: ['vehicles'] }));
    deaf.write(Buffer.concat([Buffer.from([0x81, 0x80 | wish.length, 0, 0, 0, 0]), wish]));
    const lively = await listen(at.url);
    lively.ask({ view: everywhere, channels: ['vehicles'] });
    await lively.next('vehicles');
    expect(full.api.streams()).toBe(2);
    await expect.poll(() => full.api.streams(), { timeout: 15_000, interval: 100 }).toBe(1);
    expect((await lively.next('vehicles')).items).toHaveLength(5000);
    expect((await full.api.app.inject('/metrics')).body).toContain('rahban_stream_cut_total{reason="stalled"} 1');
    deaf.destroy();
    await full.api.close();
  });

  it('ends with 1001 when the platform stops, within the drain time', async () => {
    const stopping = await apiUnderTest();
    const client = await listen((await stopping.api.listen()).url);
    const begun = performance.now();
    await stopping.api.close();
    expect((await client.closed()).code).toBe(1001);
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});
