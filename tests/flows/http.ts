import { type RunningPlatform, rahban } from '../fixtures/platform.ts';

/** Every sample of /metrics by its name with labels, e.g. `rahban_ingest_dropped_total{reason="not-json"}`. */
export async function metricsOf(platform: RunningPlatform): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${platform.addresses.http}metrics`)).text();
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line): [string, number] => {
        const cut = line.lastIndexOf(' ');
        return [line.slice(0, cut), Number(line.slice(cut + 1))];
      }),
  );
}

/** Messages the door dropped for a reason. */
export const dropped = (reason: string): string => `rahban_ingest_dropped_total{reason="${reason}"}`;

export interface IncidentInList {
  readonly trackingCode: string;
  readonly kind: string;
  readonly state: string;
  readonly vehicles: number;
  readonly occurredAt: string;
  readonly place: { readonly lat: number; readonly lon: number; readonly street?: string };
}

/** The public list, newest first. */
export async function publicIncidents(platform: RunningPlatform): Promise<readonly IncidentInList[]> {
  const answer = await fetch(`${platform.addresses.http}api/v1/incidents`);
  return ((await answer.json()) as { items: IncidentInList[] }).items;
}

const name = 'officer';
const password = 'a-long-password-for-the-test';

/** Makes a police account in a running platform. */
export function addPolice(dataDir: string): void {
  rahban(['user', 'add', name, '--role', 'police', '--password', password, '--data-dir', dataDir, '--json']);
}

/** Signs in the account of `addPolice`; returns a reader of the API with its rights. */
export async function police(platform: RunningPlatform): Promise<(path: string) => Promise<unknown>> {
  const signIn = await fetch(`${platform.addresses.http}api/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password }),
  });
  const { accessToken } = (await signIn.json()) as { accessToken: string };
  return async (path) => {
    const answer = await fetch(`${platform.addresses.http}${path}`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
}
