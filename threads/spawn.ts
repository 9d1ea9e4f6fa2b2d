import type { TransferListItem } from 'node:worker_threads';
import { Worker } from 'node:worker_threads';

/**
 * Starts a thread of this folder. The platform runs compiled; where this file itself is read from its source (tests), the
 * compiled thread beside it in dist/ is meant.
 */
export function spawnThread(name: 'core' | 'door', workerData: object, transferList: TransferListItem[]): Worker {
  const here = import.meta.url;
  const entry = here.endsWith('.ts') ? new URL(`../dist/threads/${name}.js`, here) : new URL(`./${name}.js`, here);
  return new Worker(entry, { workerData, transferList, name: `rahban-${name}` });
}
