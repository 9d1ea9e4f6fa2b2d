import type { IncidentSummary, StreamFrame, StreamRequest } from '../../../messages/index.ts';
import { initialLiveState, type LiveEvent, type LiveState, reduceLive } from './live-state.ts';
import { Segments } from './segments.ts';
import { Stream } from './stream.ts';
import { VehicleTracks } from './vehicle-tracks.ts';

const channels = ['vehicles', 'warnings', 'incidents', 'congestion'] as const;

/** The live side of the page: the stream, and what it has told so far. */
export class Live {
  readonly vehicles = new VehicleTracks();
  readonly segments = new Segments();
  #state: LiveState = initialLiveState;
  readonly #listeners = new Set<() => void>();
  readonly #stream: Stream;
  readonly #ticker: ReturnType<typeof setInterval>;

  constructor(url: string, token: () => string | undefined, renew: () => Promise<unknown>) {
    this.#stream = new Stream(
      {
        url,
        token,
        renew,
        random: Math.random,
        onOpen: () => this.#dispatch({ type: 'opened' }),
        onLost: () => this.#dispatch({ type: 'lost' }),
        onFrame: (frame) => this.#take(frame),
      },
      { channels },
    );
    this.#ticker = setInterval(() => this.#dispatch({ type: 'tick', nowMs: Date.now() }), 1000);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): LiveState => this.#state;

  /** Only vehicles inside are sent from now on. */
  lookAt(view: NonNullable<StreamRequest['view']>): void {
    this.#stream.ask({ view, channels });
  }

  /** The session changed: other vehicles may be seen now. */
  reconnect(): void {
    this.vehicles.clear();
    this.#stream.reconnect();
  }

  incidentsFetched(items: readonly IncidentSummary[]): void {
    this.#dispatch({ type: 'incidents-fetched', items });
  }

  stop(): void {
    clearInterval(this.#ticker);
    this.#stream.stop();
  }

  #take(frame: StreamFrame): void {
    const nowMs = Date.now();
    if (frame.type === 'vehicles') this.vehicles.update(frame.items, nowMs);
    if (frame.type === 'congestion') this.segments.update(frame.items);
    this.#dispatch({ type: 'frame', frame, nowMs });
  }

  #dispatch(event: LiveEvent): void {
    const next = reduceLive(this.#state, event);
    if (next === this.#state) return;
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }
}
