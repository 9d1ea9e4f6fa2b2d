/** What a credential may be: itself, a fleet behind a prefix, or an onlooker of warnings. */
export const holderKinds = ['vehicle', 'gateway', 'monitor'] as const;
export type HolderKind = (typeof holderKinds)[number];

/** Whoever proved a credential. */
export interface Holder {
  readonly principal: string;
  readonly kind: HolderKind;
  /** Only for gateways: the ids it may act for start with it. */
  readonly prefix?: string;
}

/** Whether the holder may speak as this vehicle: a vehicle only as itself, a gateway for its prefix, a monitor never. */
export function mayActFor(holder: Holder, vehicleId: string): boolean {
  if (holder.kind === 'vehicle') return vehicleId === holder.principal;
  return holder.kind === 'gateway' && holder.prefix !== undefined && vehicleId.startsWith(holder.prefix);
}
