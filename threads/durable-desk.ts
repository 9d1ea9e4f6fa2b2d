import type { IncomingMessage } from '../broker/index.ts';
import type { DoorToHouse, RawCopy } from './protocol.ts';

/** Incidents waiting for the disk at once; more are refused and come again, because their sender gets no acknowledgement. */
const maxWaiting = 1_000;

export interface DurableDesk {
  /** Resolves when the house says the message is on disk; rejects when it could not be kept. */
  keep(message: IncomingMessage, vehicleId: string): Promise<void>;
  done(requestId: number, ok: boolean, error: string): void;
  /** The house is gone or going: everything waiting is refused. */
  refuseAll(): void;
}

/** Carries incidents from the broker's thread to the house and back. */
export function createDurableDesk(post: (message: DoorToHouse) => void): DurableDesk {
  const waiting = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  let nextId = 1;
  return {
    keep: (message, vehicleId) => {
      if (waiting.size >= maxWaiting)
        return Promise.reject(new Error(`${maxWaiting} incidents are waiting for the disk`));
      const requestId = nextId++;
      const copy: RawCopy = {
        vehicleId,
        topic: message.topic,
        receivedMs: message.receivedMs,
        payload: Uint8Array.from(message.payload),
      };
      return new Promise((resolve, reject) => {
        waiting.set(requestId, { resolve, reject });
        post({ type: 'durable', requestId, message: copy });
      });
    },
    done: (requestId, ok, error) => {
      const request = waiting.get(requestId);
      if (request === undefined) return;
      waiting.delete(requestId);
      if (ok) request.resolve();
      else request.reject(new Error(error));
    },
    refuseAll: () => {
      for (const { reject } of waiting.values()) reject(new Error('the platform is stopping'));
      waiting.clear();
    },
  };
}
