import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Numbers of a room, read when /metrics is asked for. */
export type CounterSource = () => Readonly<Record<string, number>>;

interface Room {
  readonly room: string;
  readonly help: string;
  readonly source: CounterSource;
  readonly known: Set<string>;
}

const snake = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/[^a-z0-9_]/g, '_');

/** The platform's metrics: counters the rooms keep themselves, plus latency and tick histograms and the process's own. */
export class Metrics {
  readonly registry = new Registry();
  /** From the vehicle's own timestamp to the decision of the core, seconds. */
  readonly decisionLatency: Histogram;
  /** How late the 10 Hz tick of the core began, seconds. */
  readonly tickLateness: Histogram;
  private readonly rooms: Room[] = [];

  constructor() {
    collectDefaultMetrics({ register: this.registry, prefix: 'rahban_' });
    const buckets = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5];
    this.decisionLatency = new Histogram({
      name: 'rahban_alert_decision_latency_seconds',
      help: 'From the generation of the newest state that entered a decision to the decision',
      buckets,
      registers: [this.registry],
    });
    this.tickLateness = new Histogram({
      name: 'rahban_core_tick_lateness_seconds',
      help: 'How much later than planned the tick of the core began',
      buckets,
      registers: [this.registry],
    });
  }

  /** Publishes a room's counters as `rahban_<room>_<name>_total`; names ending in `Now` are gauges without the suffix. */
  addRoom(room: string, help: string, source: CounterSource): void {
    this.rooms.push({ room, help, source, known: new Set() });
  }

  /** One counter with a `reason` label, e.g. the messages dropped at the door. */
  addReasons(name: string, help: string, source: CounterSource): void {
    new Counter({
      name: `rahban_${name}_total`,
      help,
      labelNames: ['reason'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [reason, count] of Object.entries(source())) this.inc({ reason }, count);
      },
    });
  }

  /** Prometheus text. A name that a room reports for the first time is registered first: threads report some time after their start. */
  text(): Promise<string> {
    for (const entry of this.rooms)
      for (const name of Object.keys(entry.source())) if (!entry.known.has(name)) this.register(entry, name);
    return this.registry.metrics();
  }

  private register({ room, help, source, known }: Room, name: string): void {
    known.add(name);
    const value = (): number => source()[name] ?? 0;
    if (name.endsWith('Now')) {
      new Gauge({
        name: `rahban_${room}_${snake(name.slice(0, -3))}`,
        help: `${help}: ${name}`,
        registers: [this.registry],
        collect() {
          this.set(value());
        },
      });
    } else {
      new Counter({
        name: `rahban_${room}_${snake(name)}_total`,
        help: `${help}: ${name}`,
        registers: [this.registry],
        collect() {
          this.reset();
          this.inc(Math.max(0, value()));
        },
      });
    }
  }
}
