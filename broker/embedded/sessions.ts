import type { Client } from 'aedes';
import type { Holder } from '../access/holder.ts';
import { BoundedMap } from '../guard/bounded-map.ts';
import { RateLimit } from '../guard/rate-limit.ts';
import { connectionsPerPrincipal, type ResolvedOptions } from './options.ts';
import { Session } from './session.ts';

const maxRates = 100_000;

/** All live sessions, by connection and by principal. */
export class Sessions {
  readonly #options: ResolvedOptions;
  readonly #byClient = new Map<Client, Session>();
  readonly #byPrincipal = new Map<string, Set<Client>>();
  /** Outlives the connections, so that reconnecting does not refill it. */
  readonly #rates = new BoundedMap<string, RateLimit>(maxRates);

  constructor(options: ResolvedOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#byClient.size;
  }

  of(client: Client): Session | undefined {
    return this.#byClient.get(client);
  }

  /** undefined when the credential has too many connections; one that takes over its own client id does not count. */
  open(client: Client, holder: Holder): Session | undefined {
    const same = this.#byPrincipal.get(holder.principal) ?? new Set<Client>();
    const limit = connectionsPerPrincipal[holder.kind];
    if (same.size >= limit && [...same].every((other) => other.id !== client.id)) return undefined;
    const session = new Session(holder, this.#rate(holder));
    same.add(client);
    this.#byPrincipal.set(holder.principal, same);
    this.#byClient.set(client, session);
    client.conn.once('close', () => this.#forget(client, holder.principal));
    return session;
  }

  /** Cuts every connection of the principal without its will; returns how many. */
  cut(principal: string): number {
    const clients = [...(this.#byPrincipal.get(principal) ?? [])];
    for (const client of clients) {
      const session = this.#byClient.get(client);
      if (session !== undefined) session.doomed = true;
      client.conn.destroy();
    }
    return clients.length;
  }

  doomAll(): void {
    for (const session of this.#byClient.values()) session.doomed = true;
  }

  #rate({ principal, kind }: Holder): RateLimit | undefined {
    if (kind === 'monitor') return undefined;
    const { perSecond, burst } = this.#options.rates[kind];
    const rate = this.#rates.get(principal) ?? new RateLimit(perSecond, burst, this.#options.now());
    this.#rates.set(principal, rate);
    return rate;
  }

  #forget(client: Client, principal: string): void {
    this.#byClient.delete(client);
    const same = this.#byPrincipal.get(principal);
    same?.delete(client);
    if (same?.size === 0) this.#byPrincipal.delete(principal);
  }
}
