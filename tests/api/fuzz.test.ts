import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roles } from '../../messages/index.ts';
import { apiUnderTest, type UnderTest } from './fixtures/api-under-test.ts';

interface Operation {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query: readonly string[];
  readonly fields: readonly string[];
}

let tested: UnderTest;
let operations: Operation[];
beforeAll(async () => {
  tested = await apiUnderTest({}, (plain) => ({
    accounts: { ...plain.accounts, find: async (name) => plain.accounts.find(asPostgres(name)) },
    incidents: {
      ...plain.incidents,
      setState: async (code, state, actor, note) => plain.incidents.setState(code, state, actor, asPostgres(note)),
    },
  }));
  operations = operationsOf((await tested.api.app.inject('/docs/json')).json());
});
afterAll(() => tested.api.close());

/** PostgreSQL refuses texts with NUL; what would reach it must not hold one. */
function asPostgres(text: string): string {
  if (text.includes('\u0000') || /\p{Surrogate}/u.test(text))
    throw new Error('invalid byte sequence for encoding "UTF8"');
  return text;
}

interface OpenApi {
  readonly paths: Record<
    string,
    Record<
      string,
      {
        parameters?: { in: string; name: string }[];
        requestBody?: { content: Record<string, { schema?: { properties?: object } }> };
      }
    >
  >;
}

function operationsOf({ paths }: OpenApi): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
      method: method.toUpperCase() as Operation['method'],
      path,
      query: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
      fields: Object.keys(requestBody?.content['application/json']?.schema?.properties ?? {}),
    })),
  );
}

/** Texts that broke other programs, beside anything at all. */
const nasty = fc.oneof(
  fc.constantFrom('\u0000', 'a\u0000b', 'half \ud800 pair'),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '',
    'null',
    'undefined',
    'NaN',
    'Infinity',
    '-0',
    '1e999',
    '-1',
    '0x10',
    '9007199254740993',
    '1.5',
    'true',
    '../../etc/passwd',
    '%00',
    '__proto__',
    'constructor',
    'toString',
    "' or 1=1--",
    '<script>',
    '{{7*7}}',
    '#{7*7}',
    'RB-7K3QX9',
    '7.4,43.7',
    '51,35,52,36',
    '-180,-90,180,90',
    '200,100',
    ',,,',
    '١٢٣',
    '\u202e',
    '😀',
    'ﷺ',
    'a'.repeat(300),
    'bus-1',
    'police-1',
    '0',
    '16',
    'fa',
    'car',
    '2026-11-22T08:30:00Z',
    '2026-99-99T99:99Z',
    '1.1',
    '1750000000000.7',
  ),
  fc.double().map(String),
  fc.integer().map(String),
);
const value = fc.oneof(nasty, fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(null, true, -0, 1e308, [], {}));

/** A value each part takes; requests begin whole, so that what is broken in them reaches the handlers. */
const sound: Readonly<Record<string, string>> = {
  trackingCode: 'RB-7K3QX9',
  vehicleId: 'bus-1',
  name: 'insurer-1',
  file: 'Vazirmatn-Bold.woff2',
  z: '14',
  x: '10528',
  y: '6459',
  from: '51.4,35.7',
  to: '51.41,35.7',
  via: '51.4,35.7',
  bbox: '51,35,52,36',
  q: 'azadi',
  state: 'confirmed',
  note: 'seen',
  role: 'insurer',
  password: 'a password of ours',
  refreshToken: `${'0'.repeat(36)}.${'a'.repeat(43)}`,
};
const required = new Set(['from', 'to', 'q', 'bbox']);

const request = fc.record({
  pick: fc.nat(),
  caller: fc.constantFrom('citizen', 'vehicle', 'garbage', ...roles),
  /** Parts of the path, the query and the body that are broken, by their place. */
  path: fc.option(fc.tuple(fc.nat(), nasty), { nil: undefined, freq: 2 }),
  query: fc.array(fc.tuple(fc.nat(), nasty), { maxLength: 2 }),
  body: fc.array(fc.tuple(fc.nat(), value), { maxLength: 2 }),
  extra: fc.dictionary(fc.string({ maxLength: 8 }), nasty, { maxKeys: 2 }),
  wholeBody: fc.oneof(
    { weight: 6, arbitrary: fc.constant(undefined) },
    {
      weight: 1,
      arbitrary: fc.oneof(
        nasty,
        value.map((one) => JSON.stringify(one)),
      ),
    },
  ),
  accept: nasty.filter((text) => !/[^\x20-\x7e]/.test(text)),
  address: fc.ipV4(),
});
type Given = typeof request extends fc.Arbitrary<infer T> ? T : never;

function injection(
  { method, path, query, fields }: Operation,
  given: Given,
  authorization: string | undefined,
): InjectOptions {
  let place = 0;
  const url = path.replace(/\{(\w+)\}/g, (_part, name: string) => {
    const broken = given.path !== undefined && given.path[0] % 3 === place++ % 3;
    return encodeURIComponent(safe(broken && given.path !== undefined ? given.path[1] : (sound[name] ?? '0')));
  });
  const search = new URLSearchParams(Object.entries(given.extra));
  for (const name of query) if (required.has(name)) search.append(name, sound[name] ?? '');
  for (const [nth, text] of given.query) if (query.length > 0) search.set(query[nth % query.length], text);
  const body: Record<string, unknown> = Object.fromEntries(fields.map((name) => [name, sound[name]]));
  for (const [nth, one] of given.body) if (fields.length > 0) body[fields[nth % fields.length]] = one;
  const headers = {
    'accept-language': given.accept,
    'if-none-match': given.accept,
    ...(authorization === undefined ? {} : { authorization }),
  };
  const common = { method, url: `${url}?${search}`, remoteAddress: given.address };
  return method === 'GET'
    ? { ...common, headers }
    : {
        ...common,
        headers: { ...headers, 'content-type': 'application/json' },
        payload: given.wholeBody ?? JSON.stringify(body),
      };
}

describe('any input to any documented route', () => {
  it('is answered with less than 500, and what is refused with a problem', { timeout: 120_000 }, async () => {
    const tokens = new Map<string, string>([
      ['garbage', 'Bearer a.b.c'],
      ['vehicle', `Basic ${Buffer.from('phone-1:phone password').toString('base64')}`],
    ]);
    for (const role of roles) tokens.set(role, (await tested.signIn(role)).authorization);
    const done = new Set<string>();
    await fc.assert(
      fc.asyncProperty(request, async (given) => {
        const operation = operations[given.pick % operations.length];
        // Signing out would only shut the later callers out.
        fc.pre(operation.method !== 'DELETE');
        const answer = await tested.api.app.inject(injection(operation, given, tokens.get(given.caller)));
        expect([answer.statusCode < 500, answer.body.slice(0, 300)]).toEqual([true, answer.body.slice(0, 300)]);
        if (answer.statusCode < 300) done.add(`${operation.method} ${operation.path}`);
        if (answer.statusCode >= 400) expect(answer.headers['content-type']).toContain('application/problem+json');
      }),
      { numRuns: 1500 },
    );
    // The requests were near enough to right ones that most routes also did their work.
    expect(done.size).toBeGreaterThan(operations.length * 0.6);
  });
});

/** encodeURIComponent throws on half of a surrogate pair; no client could send one either. */
const safe = (text: string): string => text.replace(/\p{Surrogate}/gu, '');
