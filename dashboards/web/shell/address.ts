import type { LonLat } from '../api/types.ts';

export type Tab = 'incidents' | 'route' | 'traffic';

/** What a copied link brings back. */
export interface Address {
  readonly tab: Tab;
  readonly incident?: string;
  readonly from?: LonLat;
  readonly to?: LonLat;
  /** [zoom, lat, lon] */
  readonly view?: readonly [number, number, number];
}

/** Reads the query part of a link; what is not readable is left out. */
export function readAddress(search: string): Address {
  const query = new URLSearchParams(search);
  const tab = query.get('tab');
  const incident = query.get('incident');
  const from = lonLat(query.get('from'));
  const to = lonLat(query.get('to'));
  const view = numbers(query.get('map'), '/', 3);
  return {
    tab: tab === 'route' || tab === 'traffic' ? tab : from !== undefined || to !== undefined ? 'route' : 'incidents',
    ...(incident !== null && /^[A-Za-z0-9-]{3,40}$/.test(incident) ? { incident } : {}),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(view === undefined ? {} : { view: [view[0]!, view[1]!, view[2]!] as const }),
  };
}

/** The query part that `readAddress` reads; '' for the page as it first opens. */
export function writeAddress(address: Address): string {
  const parts: string[] = [];
  if (address.tab !== 'incidents') parts.push(`tab=${address.tab}`);
  if (address.incident !== undefined) parts.push(`incident=${address.incident}`);
  if (address.from !== undefined) parts.push(`from=${lonLatText(address.from)}`);
  if (address.to !== undefined) parts.push(`to=${lonLatText(address.to)}`);
  if (address.view !== undefined) {
    const [zoom, lat, lon] = address.view;
    parts.push(`map=${zoom.toFixed(2)}/${lat.toFixed(5)}/${lon.toFixed(5)}`);
  }
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** `lon,lat` with 6 decimals (0.1 m), as the route address takes it. */
export const lonLatText = (point: LonLat): string => `${point[0].toFixed(6)},${point[1].toFixed(6)}`;

function lonLat(text: string | null): LonLat | undefined {
  const pair = numbers(text, ',', 2);
  if (pair === undefined || Math.abs(pair[0]!) > 180 || Math.abs(pair[1]!) > 90) return undefined;
  return [pair[0]!, pair[1]!];
}

function numbers(text: string | null, separator: string, count: number): readonly number[] | undefined {
  if (text === null || text === '') return undefined;
  const values = text.split(separator).map(Number);
  return values.length === count && values.every(Number.isFinite) ? values : undefined;
}
