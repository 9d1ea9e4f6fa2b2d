/** One MQTT message as it came off the wire. `payload` is only valid during the call: copy what must live longer. */
export interface IncomingMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  /** Credential the sender proved; undefined when an external broker vouches for the topic. */
  readonly principal: string | undefined;
  readonly receivedMs: number;
}

export interface SourceHandlers {
  /** Telemetry and other lossy traffic: synchronous, must not throw. */
  onMessage(message: IncomingMessage): void;
  /** Incident topics: the sender's PUBACK waits for this promise; a rejection means no PUBACK and the sender tries again. */
  onDurable(message: IncomingMessage): Promise<void>;
}

export interface PublishOptions {
  readonly qos: 0 | 1;
  readonly retain?: boolean;
}

export interface SourceAddresses {
  /** e.g. mqtt://127.0.0.1:1883, mqtts://…, ws://… ; the real port when 0 was asked for. */
  readonly mqtt?: string;
  readonly mqtts?: string;
  readonly ws?: string;
  readonly external?: string;
}

/** Names are stable: they become `rahban_broker_<name>_total` in /metrics. Gauges end in `Now`. */
export type SourceCounters = Readonly<Record<string, number>>;

/** Where messages come from and go to: the embedded broker, or a client of an external one. The same tests run against both. */
export interface MessageSource {
  start(): Promise<SourceAddresses>;
  /** Bounded: resolves false (and counts) when the message was dropped because the way out is congested. */
  publish(topic: string, payload: string | Uint8Array, options: PublishOptions): Promise<boolean>;
  counters(): SourceCounters;
  /** Stops listening, lets durable handlers in flight finish (at most 10 s), closes. */
  stop(): Promise<void>;
}
