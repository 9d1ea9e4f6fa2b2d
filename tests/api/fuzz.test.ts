import fc from 'fast-check';
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
  tested = await apiUnderTest();
  operations = operationsOf((await tested.api.app.inject('/docs/json')).json());
});
afterAll(() => tested.api.close());

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
    '\u0000',
    '__proto__',
    'constructor',
    'toString',
    "' or 1=1--",
    '<script>',
    '{{7*7}}',
    '${7*7}',
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

const request = fc.record({
  pick: fc.nat(),
  caller: fc.constantFrom('citizen', 'vehicle', 'garbage', ...roles),
  parts: fc.array(nasty, { minLength: 4, maxLength: 4 }),
  query: fc.array(fc.tuple(fc.nat(), nasty), { maxLength: 5 }),
  extra: fc.dictionary(fc.string({ maxLength: 8 }), nasty, { maxKeys: 3 }),
  fields: fc.array(fc.tuple(fc.nat(), value), { maxLength: 5 }),
  wild: fc.option(value, { nil: undefined }),
  raw: fc.option(nasty, { nil: undefined }),
  accept: nasty.filter((text) => !/[^\x20-\x7e]/.test(text)),
});

describe('any input to any documented route', () => {
  it('is answered with less than 500, and what is refused with a problem', { timeout: 120_000 }, async () => {
    const tokens = new Map<string, string>([
      ['garbage', 'Bearer a.b.c'],
      ['vehicle', `Basic ${Buffer.from('phone-1:phone password').toString('base64')}`],
    ]);
    for (const role of roles) tokens.set(role, (await tested.signIn(role)).authorization);
    const reached = new Set<string>();
    await fc.assert(
      fc.asyncProperty(request, async (given) => {
        const operation = operations[given.pick % operations.length];
        // Signing out or changing an account would only shut the later callers out.
        fc.pre(operation.method !== 'DELETE' && !(operation.method === 'PATCH' && operation.path.includes('accounts')));
        let index = 0;
        const path = operation.path.replace(/\{\w+\}/g, () => encodeURIComponent(safe(given.parts[index++])));
        const query = new URLSearchParams(Object.entries(given.extra));
        for (const [nth, text] of given.query)
          if (operation.query.length > 0) query.append(operation.query[nth % operation.query.length], text);
        const body = Object.fromEntries(
          given.fields
            .filter(() => operation.fields.length > 0)
            .map(([nth, field]) => [operation.fields[nth % operation.fields.length], field]),
        );
        const payload = given.raw ?? JSON.stringify(given.wild === undefined ? body : given.wild);
        const authorization = tokens.get(given.caller);
        const answer = await tested.api.app.inject({
          method: operation.method,
          url: `${path}?${query}`,
          headers: {
            'accept-language': given.accept,
            'if-none-match': given.accept,
            ...(authorization === undefined ? {} : { authorization }),
            ...(operation.method === 'GET' ? {} : { 'content-type': 'application/json' }),
          },
          ...(operation.method === 'GET' ? {} : { payload }),
        });
        reached.add(`${operation.method} ${operation.path}`);
        expect([answer.statusCode < 500, answer.body.slice(0, 300)]).toEqual([true, answer.body.slice(0, 300)]);
        if (answer.statusCode >= 400) expect(answer.headers['content-type']).toContain('application/problem+json');
      }),
      { numRuns: 1500 },
    );
    expect(reached.size).toBe(operations.length - 2);
  });
});

/** encodeURIComponent throws on half of a surrogate pair; no client could send one either. */
const safe = (text: string): string => text.toWellFormed();
