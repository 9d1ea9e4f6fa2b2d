import type { Random } from '../random.ts';
import { type Access, VehicleClient } from './vehicle-client.ts';

/** New connections a second: a broker proves each one's password. */
const connectsPerSecond = 60;

export interface FleetHandlers {
  readonly onWarning: (vehicleId: string, payload: Uint8Array) => void;
  /** Told at most once a second. */
  readonly onTrouble: (reason: string) => void;
}

/** The MQTT connections of all simulated vehicles: opened one after the other, closed when their vehicle is gone. */
export class Fleet {
  sent = 0;
  /** Messages that had no connection to go by. */
  unsent = 0;
  readonly #access: Access;
  readonly #handlers: FleetHandlers;
  readonly #random: Random;
  readonly #clients = new Map<string, VehicleClient>();
  #budget = 0;
  #troubleAt = Number.NEGATIVE_INFINITY;

  constructor(access: Access, random: Random, handlers: FleetHandlers) {
    this.#access = access;
    this.#random = random;
    this.#handlers = handlers;
  }

  get size(): number {
    return this.#clients.size;
  }

  get connected(): number {
    let count = 0;
    for (const client of this.#clients.values()) if (client.connected) count++;
    return count;
  }

  /** Once a step: allows as many new connections as the passed seconds bring. */
  advance(seconds: number): void {
    this.#budget = Math.min(connectsPerSecond, this.#budget + seconds * connectsPerSecond);
  }

  /** The vehicle's client, opened if need be; undefined when too many are being opened already (`urgent` ones are opened at once). */
  clientOf(vehicleId: string, urgent: boolean): VehicleClient | undefined {
    const known = this.#clients.get(vehicleId);
    if (known !== undefined) return known;
    if (this.#budget < 1 && !urgent) return undefined;
    this.#budget -= 1;
    const client = new VehicleClient(this.#access, vehicleId, this.#random.next(), {
      onWarning: (payload) => this.#handlers.onWarning(vehicleId, payload),
      onTrouble: (reason) => this.#trouble(reason),
    });
    this.#clients.set(vehicleId, client);
    return client;
  }

  publish(vehicleId: string, text: string, urgent: boolean): void {
    if (this.clientOf(vehicleId, urgent)?.publish(text) === true) this.sent++;
    else this.unsent++;
  }

  /** Closes the clients of vehicles that are not among `present`. */
  keepOnly(present: ReadonlySet<string>): void {
    for (const [id, client] of this.#clients) {
      if (present.has(id)) continue;
      this.#clients.delete(id);
      client.close().catch((error: Error) => this.#trouble(error.message));
    }
  }

  async close(): Promise<void> {
    const clients = [...this.#clients.values()];
    this.#clients.clear();
    await Promise.all(clients.map((client) => client.close()));
  }

  #trouble(reason: string): void {
    const now = performance.now();
    if (now - this.#troubleAt < 1000) return;
    this.#troubleAt = now;
    this.#handlers.onTrouble(reason);
  }
}
