/** Something dangerous at a place, told by another station (an incoming DENM). SI, UTC ms. */
export interface Hazard {
  /** `{originating station}:{sequence number}`: the same for issue, updates and cancellation. */
  readonly hazardId: string;
  /** Who published it: uuid of the topic. */
  readonly sourceId: string;
  /** ETSI station type of the detecting station. */
  readonly stationType: number;
  /** ETSI cause and sub-cause; 0/0 when the message carries none, as a cancellation does. */
  readonly causeCode: number;
  readonly subCauseCode: number;
  readonly lat: number;
  readonly lon: number;
  readonly altitude?: number;
  readonly detectedMs: number;
  readonly referenceMs: number;
  readonly validUntilMs: number;
  /** Present when the hazard is over (`cancelled` by its author, `negated` by another). */
  readonly termination?: 'cancelled' | 'negated';
  /** Radius in which it matters, m, upper bound of the code's class. */
  readonly awarenessDistance?: number;
  readonly trafficDirection?: 'all' | 'upstream' | 'downstream' | 'opposite';
  /** Direction of travel at the event. */
  readonly headingDeg?: number;
  readonly speed?: number;
  /** [0, 1]: information quality 1..7 over 7. */
  readonly quality?: number;
}
