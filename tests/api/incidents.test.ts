import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiUnderTest, record, type UnderTest } from './fixtures/api-under-test.ts';

let tested: UnderTest;
beforeAll(async () => {
  tested = await apiUnderTest();
});
afterAll(() => tested.api.close());

const get = async (url: string, role?: 'police' | 'insurer' | 'driver') =>
  tested.api.app.inject({
    url,
    headers: role === undefined ? {} : { authorization: (await tested.signIn(role)).authorization },
  });
const one = `/api/v1/incidents/${record.trackingCode}`;

describe('an incident', () => {
  it('is listed for everybody with nothing personal', async () => {
    const answer = await get('/api/v1/incidents');
    const { trackingCode, kind, state, severity, place, occurredAt, recordedAt, vehicles } = record;
    expect(answer.json()).toEqual({
      items: [{ trackingCode, kind, state, severity, place, occurredAt, recordedAt, vehicles }],
      next: 'c1',
    });
    expect(answer.body).not.toMatch(/car-17|Sara/);
  });

  it.each([undefined, 'driver'] as const)(
    'is shown to %s as in the list, and that is not put on record',
    async (role) => {
      const before = tested.accesses.length;
      const answer = await get(one, role);
      expect(answer.body).not.toMatch(/car-17|Sara|hash|evidence/);
      expect(tested.accesses.length).toBe(before);
    },
  );

  it('is shown whole to the police, and the reading is put on record with the name', async () => {
    const answer = await get(one, 'police');
    expect(answer.json()).toEqual(JSON.parse(JSON.stringify(record)));
    expect(tested.accesses.at(-1)).toEqual({ actor: 'police-1', purpose: 'record, as police' });
  });

  it('is shown to insurers with letters for vehicles and without free text', async () => {
    const answer = await get(one, 'insurer');
    expect(answer.body).not.toMatch(/car-17|Sara|report-0001/);
    expect(answer.json()).toMatchObject({
      vehicleIds: ['vehicle-A', 'vehicle-B'],
      evidence: [{ detail: 'vehicle-A lost 12 m/s within 0.2 s behind vehicle-B' }],
      derived: { speedAtImpact: { 'vehicle-A': 12 } },
    });
  });

  it('gives the police the raw messages byte for byte', async () => {
    const [message] = (await get(`${one}/raw`, 'police')).json().items;
    expect([...Buffer.from(message.payload, 'base64')]).toEqual([0, 255, 10]);
    expect(tested.accesses.at(-1)?.purpose).toBe('raw messages, as police');
  });

  it('has a sketch in the language asked for, which may not run or load anything', async () => {
    const { authorization } = await tested.signIn('insurer');
    const answer = await tested.api.app.inject({
      url: `${one}/sketch.svg`,
      headers: { authorization, 'accept-language': 'fa-IR' },
    });
    expect(answer.headers['content-type']).toContain('image/svg+xml');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(answer.body).toContain('lang="fa"');
  });

  it('that does not exist is a problem in the language asked for, with a code that stays', async () => {
    const answer = await tested.api.app.inject({
      url: '/api/v1/incidents/RB-NONE00',
      headers: { 'accept-language': 'de, fa;q=0.9, en;q=0.5' },
    });
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.json()).toMatchObject({
      type: 'urn:rahban:problem:not-found',
      status: 404,
      code: 'not-found',
      title: 'چنین چیزی اینجا نیست',
    });
  });

  it('is not shown when the reading cannot be put on record', async () => {
    const failing = await apiUnderTest({}, ({ incidents }) => ({
      incidents: {
        ...incidents,
        get: async (_code, access) => {
          if (access !== undefined) throw new Error('disk full at /var/secret');
          return record;
        },
      },
    }));
    const { authorization } = await failing.signIn('police');
    const answer = await failing.api.app.inject({ url: one, headers: { authorization } });
    await failing.api.close();
    expect([answer.statusCode, answer.body.includes('secret'), answer.body.includes('car-17')]).toEqual([
      500,
      false,
      false,
    ]);
  });
});

describe('vehicles', () => {
  it('are public transport only for everybody, and all for the police', async () => {
    const url = '/api/v1/vehicles?bbox=51,35,52,36';
    expect((await get(url)).json().items.map(([id]: [string]) => id)).toEqual(['bus-1']);
    expect((await get(url, 'driver')).json().items.map(([id]: [string]) => id)).toEqual(['bus-1']);
    expect((await get(url, 'police')).json().items.map(([id]: [string]) => id)).toEqual(['bus-1', 'car-17']);
  });

  it('of others are not for a driver, whether they exist or not', async () => {
    expect((await get('/api/v1/vehicles/car-17', 'driver')).statusCode).toBe(200);
    expect((await get('/api/v1/vehicles/bus-1', 'driver')).statusCode).toBe(403);
    expect((await get('/api/v1/vehicles/no-such', 'driver')).statusCode).toBe(403);
  });
});
