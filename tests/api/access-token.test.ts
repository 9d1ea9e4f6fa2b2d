import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signToken, verifyToken } from '../../api/accounts/access-token.ts';

const key = Buffer.alloc(32, 1);
const claims = { name: 'sara', role: 'police', sessionId: 's1', expires: 2000 } as const;
const token = signToken(claims, key);
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const signed = (head: object, body: object, secret = key, algorithm = 'sha256') => {
  const text = `${part(head)}.${part(body)}`;
  return `${text}.${createHmac(algorithm, secret).update(text).digest('base64url')}`;
};
const body = { iss: 'rahban', aud: 'rahban-api', sub: 'sara', role: 'police', sid: 's1', exp: 2000 };
const head = { alg: 'HS256', typ: 'JWT' };

describe('an access token', () => {
  it('is read back as signed, until its second of expiry', () => {
    expect(verifyToken(token, key, 1_999_999)).toEqual(claims);
    expect(verifyToken(token, key, 2_000_000)).toBeUndefined();
  });

  it('agrees with the definition of a JWT in RFC 7519 and HS256 in RFC 7515', () => {
    expect(token).toBe(signed(head, body));
  });

  it.each([
    ['no algorithm', `${part({ alg: 'none', typ: 'JWT' })}.${part(body)}.`],
    ['another algorithm with the right key', signed({ alg: 'HS512', typ: 'JWT' }, body, key, 'sha512')],
    ['another key', signed(head, body, Buffer.alloc(32, 2))],
    ['a key id to follow', signed({ ...head, kid: '../../etc/passwd' }, body)],
    ['another issuer', signed(head, { ...body, iss: 'other' })],
    ['another audience', signed(head, { ...body, aud: 'other' })],
    ['an invented role', signed(head, { ...body, role: 'root' })],
    ['no expiry', signed(head, { ...body, exp: undefined })],
    ['an expiry that is no number', signed(head, { ...body, exp: '9999999999' })],
    ['a fourth part', `${token}.x`],
    ['padding', `${token}=`],
    ['nothing', ''],
    ['a megabyte', 'a'.repeat(1 << 20)],
  ])('is refused with %s', (_what, forged) => {
    expect(verifyToken(forged, key, 0)).toBeUndefined();
  });

  it('is refused with any one character changed', () => {
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...'abcXYZ019-_.'), (index, letter) => {
        fc.pre(token[index] !== letter);
        const changed = token.slice(0, index) + letter + token.slice(index + 1);
        expect(verifyToken(changed, key, 0)).toBeUndefined();
      }),
    );
  });

  it('never makes the reader throw', () => {
    fc.assert(fc.property(fc.string(), (text) => verifyToken(text, key, 0) === undefined));
  });
});
