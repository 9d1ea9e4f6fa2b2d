import { createConnection } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessTable } from '../../api/index.ts';
import { apiUnderTest, password, type UnderTest } from './fixtures/api-under-test.ts';
import { webRoot } from './fixtures/web-root.ts';

const web = webRoot();
let tested: UnderTest;
let port: number;
beforeAll(async () => {
  tested = await apiUnderTest({ webRoot: web.path });
  ({ port } = await tested.api.listen());
});
afterAll(async () => {
  await tested.api.close();
  web.remove();
});

const signIn = (headers: Record<string, string>, payload: string) =>
  tested.api.app.inject({ method: 'POST', url: '/api/v1/sessions', headers, payload });
const right = JSON.stringify({ name: 'police-1', password });

/** Sends bytes as they are; resolves with all that came back when the server closes. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write(bytes));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
  });
}

describe('a body', () => {
  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset=UTF-8'])(
    'is read as %s',
    async (type) => {
      expect((await signIn({ 'content-type': type }, right)).statusCode).toBe(200);
    },
  );

  it.each([
    'text/plain',
    'application/json\t',
    'application/json\ta',
    'application/json ;',
    ' application/json',
    'application/json;charset=utf-16',
    'application/jsonx',
    'text/plain; application/json',
    'application/json, text/plain',
    'application/x-www-form-urlencoded',
    'application/xml',
    'multipart/form-data; boundary=x',
    '',
  ])('is refused unread as %j', async (type) => {
    const answer = await signIn({ 'content-type': type }, right);
    expect([answer.statusCode, answer.json().code]).toEqual([415, 'wrong-content-type']);
  });

  it.each([
    ['not JSON', '{'],
    ['nothing', ''],
    ['an array', '[]'],
    ['null', 'null'],
    ['a field too many', JSON.stringify({ name: 'a', password: 'b', role: 'operator' })],
    ['a number for a text', '{"name":1,"password":"b"}'],
    ['a prototype', '{"__proto__":{"a":1},"name":"a","password":"b"}'],
    ['a constructor', '{"constructor":{"prototype":{"a":1}},"name":"a","password":"b"}'],
    ['depth without end', '['.repeat(30_000)],
    ['a million letters', JSON.stringify({ name: 'a'.repeat(1_000_000), password: 'b' })],
  ])('of %s is refused by a problem', async (_what, body) => {
    const answer = await signIn({ 'content-type': 'application/json' }, body);
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.statusCode).toBeLessThan(500);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });

  it('names what was wrong, not what was sent', async () => {
    const answer = await signIn({ 'content-type': 'application/json' }, '{"name":1,"password":"hunter2"}');
    expect(answer.json().errors).toEqual([{ path: 'body/name', message: 'must be string' }]);
    expect(answer.body).not.toContain('hunter2');
  });
});

describe('the socket', () => {
  it('is closed with a problem on what is not HTTP', async () => {
    expect(await raw('\x16\x03\x01 not http\r\n\r\n')).toMatch(/^HTTP\/1.1 400 [\s\S]*problem\+json/);
  });

  it('takes no request that two readers could cut differently', async () => {
    const both = await raw(
      'POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: a\r\n\r\n',
    );
    expect(both).toMatch(/^HTTP\/1.1 400 /);
    expect(both).not.toContain('rahban_up');
    expect(await raw('GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n')).toMatch(
      /^HTTP\/1.1 400 /,
    );
  });

  it('refuses headers beyond 16 KiB', async () => {
    expect(await raw(`GET /livez HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1.1 413 /);
  });

  it('does not wait for a request that comes a letter at a time', { timeout: 20_000 }, async () => {
    const begun = performance.now();
    expect(await raw('GET /livez HTTP/1.1\r\nHost: a\r\nX-Slow: ')).toMatch(/^HTTP\/1.1 408 /);
    expect(performance.now() - begun).toBeLessThan(12_000);
  });
});

describe('the web app', () => {
  const page = { accept: 'text/html,*/*' };
  it('is served with a policy that allows our own origin only', async () => {
    const answer = await tested.api.app.inject({ url: '/', headers: page });
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'no-cache']);
    expect(answer.headers['content-security-policy']).toContain("default-src 'self'");
    expect(answer.headers['content-security-policy']).not.toMatch(/unsafe|https?:|\*/);
  });

  it('keeps hashed files for ever and gives its views the page', async () => {
    const asset = await tested.api.app.inject('/assets/app-4f2a.js');
    expect(asset.headers['cache-control']).toContain('immutable');
    expect((await tested.api.app.inject({ url: '/incidents/RB-1', headers: page })).body).toContain('<title>Rahban');
  });

  it.each([
    '/api/v1/none',
    '/assets/none.js',
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%5cpackage.json',
    '/.git/config',
    '/%00',
  ])('does not take %s for a view or a file outside', async (url) => {
    const answer = await tested.api.app.inject({ url, headers: page });
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.statusCode).toBeLessThan(500);
  });
});

describe('the documentation', () => {
  it('lists exactly the routes there are under /api, the map and health, each once', async () => {
    const document = (await tested.api.app.inject('/docs/json')).json();
    expect(document.openapi).toBe('3.1.0');
    const documented = Object.entries(document.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
    );
    const rows = Object.keys(accessTable).filter((row) => !/ \/(docs|\*)/.test(row) && row !== 'GET /api/v1/stream');
    expect(documented.sort()).toEqual(rows.sort());
  });

  it('asks nothing of other servers', async () => {
    const answer = await tested.api.app.inject('/docs/');
    expect(answer.body).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect((await tested.api.app.inject('/docs/static/swagger-ui-bundle.js')).statusCode).toBe(200);
  });
});

describe('health', () => {
  it('names the check that fails and answers 503', async () => {
    const ill = await apiUnderTest({}, () => ({
      readiness: async () => [{ name: 'broker', ok: false, detail: 'connecting' }],
    }));
    const answer = await ill.api.app.inject('/readyz');
    await ill.api.close();
    expect([answer.statusCode, answer.json()]).toEqual([
      503,
      { ready: false, checks: [{ name: 'broker', ok: false, detail: 'connecting' }] },
    ]);
  });

  it('gives the metrics of the platform and its own, without ids or addresses in labels', async () => {
    await tested.api.app.inject('/api/v1/incidents/RB-7K3QX9');
    const { body } = await tested.api.app.inject('/metrics');
    expect(body).toContain('rahban_up 1');
    expect(body).toContain('route="/api/v1/incidents/:trackingCode"');
    expect(body).not.toMatch(/RB-7K3QX9|127\.0\.0\.1/);
  });
});

describe('limits', () => {
  it('answer 429 with retry-after, for each address apart behind a proxy we trust', async () => {
    const limited = await apiUnderTest({ requestsPerMinute: 3, trustedProxies: ['127.0.0.1/32'] });
    const from = (address: string) =>
      limited.api.app.inject({ url: '/livez', headers: { 'x-forwarded-for': address } });
    for (let i = 0; i < 3; i += 1) expect((await from('192.0.2.1')).statusCode).toBe(200);
    const fourth = await from('192.0.2.1');
    expect([fourth.statusCode, fourth.json().code, fourth.headers['retry-after']]).toEqual([
      429,
      'too-many-requests',
      '60',
    ]);
    expect((await from('192.0.2.2')).statusCode).toBe(200);
    await limited.api.close();
  });

  it('do not believe X-Forwarded-For of strangers', async () => {
    const limited = await apiUnderTest({ requestsPerMinute: 1 });
    const from = (address: string) =>
      limited.api.app.inject({ url: '/livez', headers: { 'x-forwarded-for': address } });
    expect([(await from('192.0.2.1')).statusCode, (await from('192.0.2.2')).statusCode]).toEqual([200, 429]);
    await limited.api.close();
  });

  it.each([
    [{ trustedProxies: ['1'] }, 'trustedProxies: "1"'],
    [{ trustedProxies: ['10.0.0.0/99'] }, 'trustedProxies'],
    [{ allowedOrigins: ['example.com'] }, 'allowedOrigins'],
    [{ port: 70_000 }, 'port: 70000'],
    [{ drainMs: 6000 }, 'drainMs: 6000'],
  ])('refuse to start with %j', async (config, message) => {
    await expect(apiUnderTest(config)).rejects.toThrow(message);
  });
});

describe('telephones', () => {
  const osmand = '/api/v1/phones/osmand';
  const basic = { authorization: `Basic ${Buffer.from('phone-1:phone password').toString('base64')}` };

  it('report by GET with id and key, and the key goes no further', async () => {
    const answer = await tested.api.app.inject(`${osmand}?id=phone-1&key=phone%20password&lat=35.7&lon=51.4`);
    expect(answer.json()).toEqual({ accepted: true });
    expect(tested.phoneMessages.at(-1)).toEqual({
      vehicleId: 'phone-1',
      query: { id: 'phone-1', lat: '35.7', lon: '51.4' },
      receivedMs: tested.clock.ms,
    });
  });

  it('report by POST as JSON, as a form, and as a query without a body', async () => {
    const post = (headers: Record<string, string>, payload?: string, query = '') =>
      tested.api.app.inject({
        method: 'POST',
        url: osmand + query,
        headers: { ...basic, ...headers },
        ...(payload ? { payload } : {}),
      });
    expect((await post({ 'content-type': 'application/json' }, '{"device_id":"x"}')).statusCode).toBe(200);
    expect(tested.phoneMessages.at(-1)?.body).toEqual({ device_id: 'x' });
    expect((await post({ 'content-type': 'application/x-www-form-urlencoded' }, 'lat=1&lon=2')).statusCode).toBe(200);
    expect(tested.phoneMessages.at(-1)?.query).toEqual({ lat: '1', lon: '2' });
    expect((await post({}, undefined, '?lat=3')).statusCode).toBe(200);
    expect(tested.phoneMessages.at(-1)?.query).toEqual({ lat: '3' });
  });

  it('are told why a report was refused; one that no repeat can cure is taken off their hands', async () => {
    const get = (query: string) => tested.api.app.inject({ url: `${osmand}?${query}`, headers: basic });
    const refused = await get('lat=200');
    expect([refused.statusCode, refused.json().reason]).toEqual([422, 'position-out-of-range']);
    const old = await get('timestamp=1');
    expect([old.statusCode, old.json()]).toEqual([200, { accepted: false, reason: 'too-old' }]);
  });

  it('are refused with a wrong password', async () => {
    const answer = await tested.api.app.inject(`${osmand}?id=phone-1&key=guess`);
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'wrong-credentials']);
  });
});
