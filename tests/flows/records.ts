import { readdirSync, readFileSync } from 'node:fs';

/** Every vehicle's report in the full records, by its reportId, as the police read them. */
export async function storedReports(read: (path: string) => Promise<unknown>): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  let cursor = '';
  do {
    const page = (await read(`api/v1/incidents?limit=100${cursor}`)) as {
      items: { trackingCode: string }[];
      next?: string;
    };
    for (const { trackingCode } of page.items) {
      const { reports } = (await read(`api/v1/incidents/${trackingCode}`)) as { reports: { reportId: string }[] };
      for (const { reportId } of reports) found.add(reportId);
    }
    cursor = page.next === undefined ? '' : `&cursor=${encodeURIComponent(page.next)}`;
  } while (cursor !== '');
  return found;
}

/** True while a process runs that has this folder among its arguments: a database server left behind. */
export function somebodyUses(folder: string): boolean {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
      } catch {
        return false;
      }
    });
}
