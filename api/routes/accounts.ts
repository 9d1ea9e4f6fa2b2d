import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import type { Account } from '../accounts/account-store.ts';
import { hashPassword } from '../accounts/passwords.ts';
import type { Sessions } from '../accounts/sessions.ts';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../http/problem.ts';
import { AccountName, answers, RoleSchema, VehicleId } from '../schemas.ts';

const Shown = Type.Object({
  name: Type.String(),
  role: RoleSchema,
  vehicleId: Type.Optional(Type.String()),
  disabled: Type.Boolean(),
  createdAt: Type.String(),
});
const Password = Type.String({ minLength: 10, maxLength: 256 });

const shown = ({ name, role, vehicleId, disabled, createdMs }: Account): Static<typeof Shown> => ({
  name,
  role,
  disabled,
  createdAt: new Date(createdMs).toISOString(),
  ...(vehicleId === undefined ? {} : { vehicleId }),
});

/** Accounts, for operators. A change of role, password or standing ends the account's sessions. */
export const accountRoutes: FastifyPluginAsyncTypebox<
  Pick<ApiDeps, 'accounts' | 'wallNowMs'> & { readonly sessions: Sessions }
> = async (app, { accounts, sessions, wallNowMs }) => {
  app.get(
    '/api/v1/accounts',
    {
      schema: {
        summary: 'All accounts',
        tags: ['accounts'],
        response: answers(Type.Object({ items: Type.Array(Shown) })),
      },
    },
    async () => ({ items: (await accounts.list()).map(shown) }),
  );

  app.post(
    '/api/v1/accounts',
    {
      schema: {
        summary: 'A new account',
        tags: ['accounts'],
        body: Type.Object(
          { name: AccountName, role: RoleSchema, password: Password, vehicleId: Type.Optional(VehicleId) },
          { additionalProperties: false },
        ),
        response: answers(Shown),
      },
    },
    async ({ body }) => {
      const { name, role, password, vehicleId } = body;
      const account: Account = {
        name,
        role,
        passwordHash: await hashPassword(password),
        disabled: false,
        createdMs: wallNowMs(),
        ...(vehicleId === undefined ? {} : { vehicleId }),
      };
      if (!(await accounts.add(account))) throw new Problem('conflict', 'this name is taken');
      return shown(account);
    },
  );

  app.patch(
    '/api/v1/accounts/:name',
    {
      schema: {
        summary: 'Change role, password or standing',
        tags: ['accounts'],
        params: Type.Object({ name: AccountName }),
        body: Type.Object(
          {
            role: Type.Optional(RoleSchema),
            password: Type.Optional(Password),
            disabled: Type.Optional(Type.Boolean()),
          },
          { additionalProperties: false, minProperties: 1 },
        ),
        response: answers(Shown),
      },
    },
    async ({ params, body }) => {
      const { role, password, disabled } = body;
      const changed = await accounts.change(params.name, {
        ...(role === undefined ? {} : { role }),
        ...(disabled === undefined ? {} : { disabled }),
        ...(password === undefined ? {} : { passwordHash: await hashPassword(password) }),
      });
      const account = changed ? await accounts.find(params.name) : undefined;
      if (account === undefined) throw new Problem('not-found');
      await sessions.revokeAllOf(params.name);
      return shown(account);
    },
  );
};
