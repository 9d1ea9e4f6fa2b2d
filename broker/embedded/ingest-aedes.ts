import { Aedes, type AedesOptions, type Client, type PublishPacket } from 'aedes';

type Done = (error?: Error) => void;

/**
 * Aedes as a one-way street: what a client publishes has been handed to the platform by `authorizePublish` and is not fanned
 * out to other clients, so one vehicle can never reach another except through the platform. It also saves most of the cost
 * of a message. Only what the platform publishes is delivered.
 */
export class IngestAedes extends Aedes {
  /** Emitter inside Aedes; `length` is what waits because a subscriber is slow. */
  declare readonly mq: { readonly length: number };
  declare readonly persistence: OfflineStore;

  constructor(options: AedesOptions) {
    super(options);
  }

  override publish(packet: PublishPacket, clientOrDone: Client | null | Done, done?: Done): void {
    const finished = typeof clientOrDone === 'function' ? clientOrDone : done;
    const fromClient = typeof clientOrDone === 'object' && clientOrDone !== null;
    if (fromClient || isClientNotice(packet.topic)) finished?.();
    else super.publish(packet, finished ?? ignore);
  }
}

/** The part of the in-memory persistence that grows with the clients that are away. */
export interface OfflineStore {
  outgoingEnqueueCombi(subscriptions: readonly { readonly clientId: string }[], packet: object): Promise<void>;
  outgoingClearMessageId(client: { readonly id: string }, packet: object): Promise<object | undefined>;
}

/** Aedes tells on `$SYS/…` who connects and subscribes. Nobody may read that here, so it need not be sent. */
function isClientNotice(topic: string): boolean {
  return topic.startsWith('$SYS/') && !topic.endsWith('/heartbeat') && !topic.endsWith('/birth');
}

function ignore(): void {
  // Deliveries of Aedes' own heartbeat have nobody who waits for them.
}
