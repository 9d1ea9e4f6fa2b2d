import type { AedesPublishPacket, Client, Subscription } from 'aedes';
import { mayReceive, maySubscribe } from '../access/outbound-topics.ts';
import type { Counters } from '../counters.ts';
import type { EmbeddedCounter } from './counter-names.ts';
import { fixedLimits, subscriptionsPerClient } from './options.ts';
import type { Refusals } from './refusals.ts';
import type { Sessions } from './sessions.ts';
import { writeNow } from './write-now.ts';

/** Who may receive what: subscriptions, and as a second line every single delivery. */
export class Delivery {
  readonly #sessions: Sessions;
  readonly #counters: Counters<EmbeddedCounter>;
  readonly #refusals: Refusals;

  constructor(sessions: Sessions, counters: Counters<EmbeddedCounter>, refusals: Refusals) {
    this.#sessions = sessions;
    this.#counters = counters;
    this.#refusals = refusals;
  }

  /** false answers 0x80 [MQTT-3.9.3]. */
  grant(client: Client, { topic, qos }: Subscription): boolean {
    const session = this.#sessions.of(client);
    if (session === undefined || session.doomed) return false;
    const { principal, kind } = session.holder;
    if (!maySubscribe(session.holder, topic)) {
      this.#refusals.note('refusedSubscribe', { principal }, 'SUBSCRIBE refused: not its own, or not a legal filter');
      return false;
    }
    if (!session.filters.has(topic) && session.filters.size >= subscriptionsPerClient[kind]) {
      this.#refusals.note('refusedSubscribe', { principal }, 'SUBSCRIBE refused: too many subscriptions');
      return false;
    }
    session.filters.set(topic, qos);
    return true;
  }

  release(client: Client, filters: readonly string[]): void {
    const session = this.#sessions.of(client);
    for (const filter of filters) session?.filters.delete(filter);
  }

  /**
   * null: Aedes skips this client, who has the message already or must not get it. One that does not read is skipped for QoS 0 and cut
   * when too much is unread: it must not hold up the others.
   */
  forward(client: Client, packet: AedesPublishPacket): AedesPublishPacket | null {
    const session = this.#sessions.of(client);
    if (session === undefined || session.doomed || session.tooSlow) return null;
    if (!mayReceive(session.holder, packet.topic)) {
      this.#counters.add('refusedForward');
      return null;
    }
    const { conn } = client;
    if (conn.writableLength > fixedLimits.unreadBytes) {
      this.#refusals.note(
        'slowCut',
        { principal: session.holder.principal },
        'cut: does not read what it subscribed to',
      );
      session.tooSlow = true;
      conn.destroy();
      return null;
    }
    if (packet.qos === 0 && conn.writableNeedDrain) {
      this.#counters.add('slowSkipped');
      return null;
    }
    const granted = session.filters.get(packet.topic);
    return granted !== undefined && writeNow(client, packet, granted) ? null : packet;
  }
}
