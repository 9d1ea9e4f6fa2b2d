/** What of the public list of incidents is needed to compare it with a recording. */
export interface PublicIncident {
  readonly trackingCode: string;
  readonly kind: string;
  /** UTC ms. */
  readonly occurredAtMs: number;
  /** Degrees. */
  readonly lat: number;
  readonly lon: number;
}

const mostPages = 100;

/** All incidents the platform recorded since an instant (UTC ms), page by page. */
export async function fetchIncidents(httpUrl: string, sinceMs: number): Promise<PublicIncident[]> {
  const found: PublicIncident[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const url = new URL('api/v1/incidents', httpUrl);
    url.searchParams.set('limit', '200');
    url.searchParams.set('since', new Date(sinceMs).toISOString());
    if (cursor !== undefined) url.searchParams.set('cursor', cursor);
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
    const body = (await response.json()) as {
      items: { trackingCode: string; kind: string; occurredAt: string; place: { lat: number; lon: number } }[];
      next?: string;
    };
    for (const { trackingCode, kind, occurredAt, place } of body.items)
      found.push({ trackingCode, kind, occurredAtMs: Date.parse(occurredAt), lat: place.lat, lon: place.lon });
    if (body.next === undefined) return found;
    cursor = body.next;
  }
  return found;
}
