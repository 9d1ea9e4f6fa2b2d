import type { Role } from '../messages/index.ts';

/** Who asks: nobody in particular, somebody with an account, or a vehicle with its own credential. */
export type Principal =
  | { readonly kind: 'citizen' }
  | {
      readonly kind: 'account';
      readonly name: string;
      readonly role: Role;
      readonly sessionId: string;
      /** The driver's own vehicle. */
      readonly vehicleId?: string;
      /** UTC ms; the access token is void from then on. */
      readonly expiresMs: number;
    }
  | { readonly kind: 'vehicle'; readonly vehicleId: string };

/** The rows and columns of the access table are made of these. */
export type AccessRole = Role | 'citizen' | 'vehicle';

export const citizen: Principal = { kind: 'citizen' };

export const accessRoleOf = (principal: Principal): AccessRole =>
  principal.kind === 'account' ? principal.role : principal.kind;

/** Police, dispatchers and operators see every vehicle; everybody else sees public transport only. */
export const seesAllVehicles = (principal: Principal): boolean =>
  principal.kind === 'account' && ['police', 'dispatcher', 'operator'].includes(principal.role);

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal;
  }
}
