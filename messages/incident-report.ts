/** What a vehicle says of its own crash, on `rahban/v1/incidents/{vehicleId}` with QoS 1. */
export interface IncidentReport {
  /** Idempotency key of the sender, 8..64 characters of `[A-Za-z0-9_.:-]`; a repeated id is stored once. */
  readonly reportId: string;
  readonly vehicleId: string;
  readonly kind: 'crash' | 'ecall-automatic' | 'ecall-manual' | 'breakdown';
  /** UTC ms. */
  readonly occurredAtMs: number;
  readonly lat: number;
  readonly lon: number;
  readonly headingDeg?: number;
  /** Largest change of velocity during the impact, m/s. */
  readonly deltaV?: number;
  readonly airbagDeployed?: boolean;
  readonly rollover?: boolean;
  readonly occupants?: number;
  readonly note?: string;
}
