import { type Holder, mayActFor } from '../access/holder.ts';
import { type InboundRoute, routeInbound } from '../access/inbound-topics.ts';
import type { RateLimit } from '../guard/rate-limit.ts';

/** One authenticated connection. */
export class Session {
  readonly holder: Holder;
  /** Shared by all connections of the credential; undefined for those that may publish nothing. */
  readonly rate: RateLimit | undefined;
  /** Topics subscribed to, wildcards as written, and the QoS granted. */
  readonly filters = new Map<string, number>();
  /** Cut by the platform: nothing of it counts any more, its will neither. */
  doomed = false;
  /** Cut because it does not read; its will still counts, for its network may be what is gone. */
  tooSlow = false;
  #lastTopic = '';
  #lastRoute: InboundRoute | undefined;

  constructor(holder: Holder, rate: RateLimit | undefined) {
    this.holder = holder;
    this.rate = rate;
  }

  /** Where a message of this sender on this topic goes; undefined when it may not publish there. Remembers the last topic, because most vehicles use one. */
  route(topic: string): InboundRoute | undefined {
    if (topic === this.#lastTopic) return this.#lastRoute;
    const route = routeInbound(topic);
    this.#lastTopic = topic;
    this.#lastRoute = route !== undefined && mayActFor(this.holder, route.vehicleId) ? route : undefined;
    return this.#lastRoute;
  }
}
