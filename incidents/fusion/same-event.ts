import type { IncidentSummary } from '../../messages/index.ts';

/** What decides whether two facts are about one event. */
export interface EventTrace {
  readonly kind: IncidentSummary['kind'];
  readonly vehicleIds: readonly string[];
  readonly occurredAtMs: number;
  readonly lat: number;
  readonly lon: number;
}

/** A vehicle is in one crash at a time: its report and the core's observation of it may differ by this much. */
export const sameVehicleWindowMs = 60_000;
/** Without a common vehicle: this near in time and place (m). */
export const samePlaceWindowMs = 15_000;
export const samePlaceDistance = 50;

/** True when both are about the same event. A breakdown or near miss joins others only through a common vehicle. */
export function isSameEvent(a: EventTrace, b: EventTrace): boolean {
  const apartMs = Math.abs(a.occurredAtMs - b.occurredAtMs);
  if (apartMs <= sameVehicleWindowMs && a.vehicleIds.some((id) => b.vehicleIds.includes(id))) return true;
  if (!isCrash(a.kind) || !isCrash(b.kind) || apartMs > samePlaceWindowMs) return false;
  return distance(a.lat, a.lon, b.lat, b.lon) <= samePlaceDistance;
}

function isCrash(kind: EventTrace['kind']): boolean {
  return kind !== 'breakdown' && kind !== 'near-miss';
}

/** Metres, equirectangular; exact enough below a kilometre. */
export function distance(latA: number, lonA: number, latB: number, lonB: number): number {
  const metresPerDegree = 111_195;
  const dx = (lonB - lonA) * Math.cos(((latA + latB) * Math.PI) / 360) * metresPerDegree;
  return Math.hypot(dx, (latB - latA) * metresPerDegree);
}
