import { connect, type MqttClient } from 'mqtt';
import { incidentTopic, telemetryTopic, warningTopic } from '../../messages/index.ts';

/** Where the vehicles connect, and as whom: a gateway's credential, of which each vehicle is one connection. */
export interface Access {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

export interface ClientHandlers {
  /** A message on the vehicle's own warnings topic. */
  readonly onWarning: (payload: Uint8Array) => void;
  /** Connection lost or refused; the client tries again by itself. */
  readonly onTrouble: (reason: string) => void;
}

const keepaliveSeconds = 60;
const reconnectMs = 1500;

/** The on-board unit of one vehicle: a real MQTT connection that comes back by itself after a loss. */
export class VehicleClient {
  readonly #client: MqttClient;
  readonly #vehicleId: string;
  readonly #topic: string;
  readonly #jitter: number;

  /** `jitter` in [0, 1) spreads the reconnections of many vehicles over time. */
  constructor(access: Access, vehicleId: string, jitter: number, handlers: ClientHandlers) {
    this.#vehicleId = vehicleId;
    this.#topic = telemetryTopic(vehicleId);
    this.#jitter = jitter;
    this.#client = connect(access.url, {
      username: access.user,
      password: access.password,
      clientId: `${access.user}/${vehicleId}`,
      protocolVersion: 4,
      clean: true,
      keepalive: keepaliveSeconds,
      connectTimeout: 10_000,
      queueQoSZero: false,
      reconnectPeriod: Math.round(reconnectMs * (1 + this.#jitter)),
    });
    this.#client.on('message', (_topic, payload) => handlers.onWarning(payload));
    this.#client.on('error', (error) => handlers.onTrouble(error.message));
    this.#client.on('offline', () => handlers.onTrouble('connection lost'));
    this.#client.subscribe(warningTopic(vehicleId), { qos: 1 }, (error) => {
      if (error) handlers.onTrouble(`subscription refused: ${error.message}`);
    });
  }

  get connected(): boolean {
    return this.#client.connected;
  }

  /** Sends telemetry, QoS 0; false when there is no connection just now (what is old then is worth nothing). */
  publish(text: string): boolean {
    if (!this.#client.connected) return false;
    this.#client.publish(this.#topic, text, { qos: 0 });
    return true;
  }

  /** Sends the vehicle's own report, QoS 1: kept and repeated until it is acknowledged. */
  report(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#client.publish(incidentTopic(this.#vehicleId), text, { qos: 1 }, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }

  /** Disconnects; resolves when done. */
  async close(): Promise<void> {
    await this.#client.endAsync(!this.#client.connected);
  }
}
