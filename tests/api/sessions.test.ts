import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apiUnderTest, password, type UnderTest } from './fixtures/api-under-test.ts';

let tested: UnderTest;
beforeEach(async () => {
  tested = await apiUnderTest();
});
afterEach(() => tested.api.close());

const whoAmI = (authorization: string) =>
  tested.api.app.inject({ url: '/api/v1/sessions/current', headers: { authorization } });
const refresh = (refreshToken: string) =>
  tested.api.app.inject({ method: 'POST', url: '/api/v1/sessions/refresh', payload: { refreshToken } });
const attempt = (name: string, given: string) =>
  tested.api.app.inject({ method: 'POST', url: '/api/v1/sessions', payload: { name, password: given } });

describe('a session', () => {
  it('says who its owner is until the access token is over', async () => {
    const { authorization } = await tested.signIn('driver');
    expect((await whoAmI(authorization)).json()).toMatchObject({
      name: 'driver-1',
      role: 'driver',
      vehicleId: 'car-17',
    });
    tested.clock.ms += 15 * 60_000 - 1000;
    expect((await whoAmI(authorization)).statusCode).toBe(200);
    tested.clock.ms += 1001;
    const over = await whoAmI(authorization);
    expect([over.statusCode, over.json().code]).toEqual([401, 'session-over']);
  });

  it('is void at once in this process after signing out', async () => {
    const { authorization } = await tested.signIn('police');
    const out = await tested.api.app.inject({
      method: 'DELETE',
      url: '/api/v1/sessions/current',
      headers: { authorization },
    });
    expect(out.statusCode).toBe(204);
    expect((await whoAmI(authorization)).statusCode).toBe(401);
  });

  it('is void within 60 s when another process revoked it', async () => {
    const { authorization } = await tested.signIn('police');
    expect((await whoAmI(authorization)).statusCode).toBe(200);
    await tested.deps.accounts.revokeAllOf('police-1');
    tested.clock.ms += 59_000;
    expect((await whoAmI(authorization)).statusCode).toBe(401);
  });

  it('goes on with a refreshed pair, and the spent refresh token ends it for both sides', async () => {
    const { refreshToken } = await tested.signIn('police');
    const second = (await refresh(refreshToken)).json();
    expect((await whoAmI(`Bearer ${second.accessToken}`)).statusCode).toBe(200);
    expect((await refresh(refreshToken)).json().code).toBe('session-over');
    expect((await refresh(second.refreshToken)).statusCode).toBe(401);
    expect((await whoAmI(`Bearer ${second.accessToken}`)).statusCode).toBe(401);
  });

  it('lets only one of two refreshes at the same time through', async () => {
    const { refreshToken } = await tested.signIn('police');
    const answers = await Promise.all([refresh(refreshToken), refresh(refreshToken)]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 401]);
  });

  it('ends when an operator disables the account or changes its role', async () => {
    const operator = await tested.signIn('operator');
    for (const payload of [{ role: 'insurer' }, { disabled: true }]) {
      const { authorization } = await tested.signIn('dispatcher');
      const changed = await tested.api.app.inject({
        method: 'PATCH',
        url: '/api/v1/accounts/dispatcher-1',
        headers: { authorization: operator.authorization },
        payload,
      });
      expect(changed.statusCode).toBe(200);
      expect((await whoAmI(authorization)).statusCode).toBe(401);
    }
    expect((await attempt('dispatcher-1', password)).json().code).toBe('wrong-credentials');
  });

  it('nobody gets in while the store cannot be asked', async () => {
    const { authorization } = await tested.signIn('police');
    await tested.api.close();
    tested = await apiUnderTest({}, ({ accounts }) => ({
      accounts: { ...accounts, session: async () => Promise.reject(new Error('secret dsn')) },
    }));
    const answer = await whoAmI(authorization);
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('secret dsn');
  });
});

describe('guessing', () => {
  it('tells an unknown name and a wrong password with the same words', async () => {
    const [unknown, wrong] = [await attempt('nobody-here', 'x'), await attempt('police-1', 'x')];
    const words = ({ json }: { json: () => { instance: string } }) => ({ ...json(), instance: '' });
    expect(words(unknown)).toEqual(words(wrong));
    expect(unknown.statusCode).toBe(401);
  });

  it('waits after five wrong passwords, longer each time, and then lets the right one in', async () => {
    for (let i = 0; i < 5; i += 1) expect((await attempt('police-1', 'wrong')).statusCode).toBe(401);
    const sixth = await attempt('police-1', password);
    expect([sixth.statusCode, sixth.headers['retry-after']]).toEqual([429, '1']);
    tested.clock.ms += 1001;
    expect((await attempt('police-1', 'wrong')).statusCode).toBe(401);
    expect((await attempt('police-1', password)).headers['retry-after']).toBe('2');
    tested.clock.ms += 2001;
    expect((await attempt('police-1', password)).statusCode).toBe(200);
  });

  it('does not give parallel tries one free try each', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => attempt('police-1', 'wrong')));
    expect(answers.filter(({ statusCode }) => statusCode === 401)).toHaveLength(5);
  });

  it('makes one address that tries many names wait too', async () => {
    const codes: number[] = [];
    for (let i = 0; i < 32; i += 1) codes.push((await attempt(`name-${i}`, 'wrong')).statusCode);
    expect(codes.filter((code) => code === 401)).toHaveLength(30);
  });
});
