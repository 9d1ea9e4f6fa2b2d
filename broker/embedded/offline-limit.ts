import type { OfflineStore } from './ingest-aedes.ts';

/** Aedes keeps messages for persistent sessions without end; this keeps at most `limit` for each client and tells of every one dropped. */
export function limitOfflineQueues(store: OfflineStore, limit: number, dropped: () => void): void {
  const waiting = new Map<string, number>();
  const enqueue = store.outgoingEnqueueCombi.bind(store);
  const clear = store.outgoingClearMessageId.bind(store);
  store.outgoingEnqueueCombi = (subscriptions, packet) => {
    const kept = subscriptions.filter(({ clientId }) => {
      const count = waiting.get(clientId) ?? 0;
      if (count >= limit) {
        dropped();
        return false;
      }
      waiting.set(clientId, count + 1);
      return true;
    });
    return enqueue(kept, packet);
  };
  store.outgoingClearMessageId = async (client, packet) => {
    const cleared = await clear(client, packet);
    const count = waiting.get(client.id);
    if (cleared !== undefined && count !== undefined) {
      if (count <= 1) waiting.delete(client.id);
      else waiting.set(client.id, count - 1);
    }
    return cleared;
  };
}
