/** Structured log of the broker; shaped like pino's, so that a pino logger fits as it is. Secrets and positions are never passed to it. */
export interface BrokerLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
