import type { Decoded, VehicleState } from '../messages/index.ts';
import type { BlackBox } from './black-box.ts';
import { DropCounters, type DropReason } from './drop-reasons.ts';
import type { FleetRegistry } from './fleet-registry.ts';
import { Freshness, type FreshnessOptions, type FreshnessResult } from './freshness/freshness.ts';
import type { MailboxWriter } from './mailbox.ts';
import { Plausibility } from './plausibility/plausibility.ts';

/** What a decoder makes of a message; only `state` goes through the pipeline. */
export type DoorMessage =
  | { readonly kind: 'state'; readonly state: VehicleState }
  | { readonly kind: 'hazard' | 'incident' };

export interface PipelineParts<M extends DoorMessage> {
  /** Total function over untrusted bytes (messages/decode). */
  readonly decode: (topic: string, payload: Uint8Array, receivedMs: number) => Decoded<M>;
  readonly registry: FleetRegistry;
  readonly mailbox: MailboxWriter;
  readonly blackBox: BlackBox;
  readonly freshness?: FreshnessOptions;
  /** Gets what decodes into something else than a state (hazard reports and the like); must not throw. */
  readonly onOther?: (message: Exclude<M, { kind: 'state' }>, topic: string, receivedMs: number) => void;
  /** Told of every message that is refused, for the `doctor` of vehicle developers; not called without a listener. */
  readonly onDrop?: (reason: DropReason, topic: string, receivedMs: number, detail: string) => void;
}

/** Names are closed: they become `rahban_ingest_<name>` in /metrics. */
export interface PipelineCounters {
  readonly received: number;
  readonly accepted: number;
  readonly late: number;
  readonly marked: number;
  readonly other: number;
  readonly shed: number;
  readonly failedOpen: number;
  readonly fleetNow: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  readonly blackBox: ReturnType<BlackBox['counters']>;
}

/** The message in hand. One object, used again for every message, so that the door allocates nothing for it. */
interface InHand extends FreshnessResult {
  topic: string;
  payload: Uint8Array;
  receivedMs: number;
  state: VehicleState;
  slot: number;
  detail: string;
}

/** Passed on, or why not. `'consumed'` ends a message that is not a state without a drop. */
type StepResult = DropReason | 'consumed' | undefined;

interface Step {
  readonly name: string;
  /** What an unexpected error in the step does to the message: `closed` drops it, `open` lets it go on. Counted either way. */
  readonly fails: 'open' | 'closed';
  readonly run: (message: InHand) => StepResult;
}

const noPayload = new Uint8Array(0);
const noState: VehicleState = { vehicleId: '', stationType: 0, timestampMs: 0, lat: 0, lon: 0, flags: 0 };

/**
 * From message to core, synchronous, in the door's thread; hot path `accept`. `steps` is the whole order of processing.
 * Order within one vehicle is kept by the track clock (freshness/track-clock.ts) and nothing else.
 */
export class Pipeline<M extends DoorMessage = DoorMessage> {
  readonly steps: readonly Step[];
  readonly #parts: PipelineParts<M>;
  readonly #freshness: Freshness;
  readonly #plausibility: Plausibility;
  readonly #dropped = new DropCounters();
  readonly #inHand: InHand = {
    topic: '',
    payload: noPayload,
    receivedMs: 0,
    state: noState,
    slot: -1,
    detail: '',
    timestampMs: 0,
    late: false,
  };
  #received = 0;
  #accepted = 0;
  #late = 0;
  #other = 0;
  #failedOpen = 0;

  constructor(parts: PipelineParts<M>) {
    this.#parts = parts;
    this.#freshness = new Freshness(parts.registry.capacity, parts.freshness);
    this.#plausibility = new Plausibility(parts.registry.capacity);
    parts.registry.onAssign((slot) => {
      this.#freshness.reset(slot);
      this.#plausibility.reset(slot);
    });
    parts.registry.onRetire((slot, generation) => parts.mailbox.retire(slot, generation));
    this.steps = [
      // Bytes to a normalised state. Closed: what cannot be read is not a vehicle.
      { name: 'decode', fails: 'closed', run: (message) => this.#decode(message) },
      // Vehicle id to slot. Closed: without a slot nothing can be compared or handed on.
      { name: 'identify', fails: 'closed', run: (message) => this.#identify(message) },
      // Stale, future, duplicate, out of order, too frequent. Closed: an old position shown as new is worse than none.
      { name: 'freshness', fails: 'closed', run: (message) => this.#checkFreshness(message) },
      // Physically possible and consistent. Closed: an impossible vehicle must not brake real ones.
      { name: 'plausibility', fails: 'closed', run: (message) => this.#checkPlausibility(message) },
      // Raw bytes for the record of a crash. Open: a warning is worth more than its evidence.
      { name: 'black-box', fails: 'open', run: (message) => this.#keep(message) },
      // To the core's thread, newest state per vehicle. Closed: it is the last step.
      { name: 'mailbox', fails: 'closed', run: (message) => this.#post(message) },
    ];
  }

  /** Takes one message off the wire; true when its state went to the core. Never throws. `payload` is not kept. */
  accept(topic: string, payload: Uint8Array, receivedMs: number): boolean {
    const message = this.#inHand;
    message.topic = topic;
    message.payload = payload;
    message.receivedMs = receivedMs;
    message.detail = '';
    this.#received += 1;
    const result = this.#run(message);
    message.payload = noPayload;
    message.state = noState;
    if (result === undefined) {
      this.#accepted += 1;
      return true;
    }
    if (result !== 'consumed') {
      this.#dropped.add(result);
      this.#parts.onDrop?.(result, topic, receivedMs, message.detail);
    }
    return false;
  }

  /** Retires silent vehicles and forgets old raw messages; call it about once a second. */
  everySecond(nowMs: number): void {
    this.#parts.registry.sweep(nowMs);
    this.#parts.blackBox.expire(nowMs);
  }

  /** Trust score 0..1 of a vehicle, or undefined when it is not in the fleet. */
  trustOf(vehicleId: string): number | undefined {
    const slot = this.#parts.registry.slotOf(vehicleId);
    return slot < 0 ? undefined : this.#plausibility.trust(slot);
  }

  counters(): PipelineCounters {
    return {
      received: this.#received,
      accepted: this.#accepted,
      late: this.#late,
      marked: this.#plausibility.marked,
      other: this.#other,
      shed: this.#parts.mailbox.shed,
      failedOpen: this.#failedOpen,
      fleetNow: this.#parts.registry.size,
      dropped: this.#dropped.read(),
      blackBox: this.#parts.blackBox.counters(),
    };
  }

  #run(message: InHand): StepResult {
    for (let i = 0; i < this.steps.length; i += 1) {
      const step = this.steps[i];
      try {
        const result = step.run(message);
        if (result !== undefined) return result;
      } catch (error) {
        if (step.fails === 'closed') {
          message.detail = `${step.name}: ${error instanceof Error ? error.message : String(error)}`;
          return 'step-failed';
        }
        this.#failedOpen += 1;
      }
    }
    return undefined;
  }

  #decode(message: InHand): StepResult {
    const decoded = this.#parts.decode(message.topic, message.payload, message.receivedMs);
    if (!decoded.ok) {
      message.detail = decoded.detail;
      return decoded.reason;
    }
    const value = decoded.value;
    if (value.kind === 'state') {
      message.state = value.state;
      return undefined;
    }
    this.#other += 1;
    this.#parts.onOther?.(value as Exclude<M, { kind: 'state' }>, message.topic, message.receivedMs);
    return 'consumed';
  }

  #identify(message: InHand): StepResult {
    message.slot = this.#parts.registry.assign(message.state.vehicleId, message.receivedMs);
    return message.slot < 0 ? 'fleet-full' : undefined;
  }

  #checkFreshness(message: InHand): StepResult {
    return this.#freshness.check(message.slot, message.state.timestampMs, message.receivedMs, message);
  }

  #checkPlausibility(message: InHand): StepResult {
    return this.#plausibility.check(message.slot, message.state, message.timestampMs, message.late);
  }

  #keep(message: InHand): StepResult {
    this.#parts.blackBox.append(message.state.vehicleId, message.topic, message.payload, message.receivedMs);
    return undefined;
  }

  #post(message: InHand): StepResult {
    const { registry, mailbox } = this.#parts;
    const { slot, receivedMs } = message;
    mailbox.put(slot, registry.generationOf(slot), message.state, receivedMs, message.timestampMs);
    registry.touch(slot, receivedMs);
    if (message.late) this.#late += 1;
    return undefined;
  }
}
