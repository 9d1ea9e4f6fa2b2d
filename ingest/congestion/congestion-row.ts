/** Traffic of one directed edge over a closed stretch of whole minutes with at least k vehicles; what stores keep. */
export interface CongestionRow {
  /** UTC ms of the start of the stretch's last minute. */
  readonly minuteMs: number;
  readonly edge: number;
  /** Space-mean speed, m/s. */
  readonly meanSpeed: number;
  readonly samples: number;
  /** Distinct vehicles. */
  readonly vehicles: number;
  /** Free-flow speed, m/s. */
  readonly freeFlow: number;
  /** 0 free .. 10 closed. */
  readonly jamFactor: number;
}

/** Where rows go: InfluxDB (ingest/influx), PostgreSQL (database). Rejects when they are not taken; the caller keeps them. */
export interface CongestionSink {
  write(rows: readonly CongestionRow[]): Promise<void>;
}
