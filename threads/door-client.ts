import type { Worker } from 'node:worker_threads';
import type { Warning } from '../messages/index.ts';
import type { DoorToHouse, HouseToDoor, RawCopy } from './protocol.ts';

/** Longest wait for an answer of the door, ms. */
const patienceMs = 5_000;

export interface DoorListeners {
  assigned(slot: number, generation: number, vehicleId: string): void;
  warning(warning: Warning): void;
  /** Resolves when the message is on disk. */
  durable(message: RawCopy): Promise<void>;
}

/** The house's side of the door's thread: requests with answers, and the door's own news. */
export class DoorClient {
  broker: Readonly<Record<string, number>> = {};
  ingest: Readonly<Record<string, number>> = {};
  /** Wall ms of the last sign of life. */
  lastReportMs = Date.now();
  /** Resolves with the reason when the thread ends by itself. */
  readonly failed: Promise<string>;
  private readonly worker: Worker;
  private readonly listeners: DoorListeners;
  private readonly waiting = new Map<number, (answer: Extract<DoorToHouse, { requestId: number }>) => void>();
  private nextId = 1;
  private stopping = false;

  constructor(worker: Worker, listeners: DoorListeners) {
    this.worker = worker;
    this.listeners = listeners;
    worker.on('message', (message: DoorToHouse) => this.take(message));
    this.failed = new Promise((resolve) => {
      worker.once('error', (error) => resolve(`door: ${error.message}`));
      worker.once('exit', (code) => {
        if (!this.stopping) resolve(`door: thread ended with code ${code}`);
      });
    });
  }

  /** Addresses of the listeners; rejects with the door's reason when it could not open them. */
  ready(): Promise<Readonly<Record<string, string>>> {
    return new Promise((resolve, reject) => {
      const look = (message: DoorToHouse): void => {
        if (message.type === 'door-ready') resolve(message.addresses);
        else if (message.type === 'door-failed')
          reject(Object.assign(new Error(message.message), { code: message.code }));
        else return;
        this.worker.off('message', look);
      };
      this.worker.on('message', look);
      this.worker.once('error', reject);
    });
  }

  async readBlackBox(vehicleIds: readonly string[], fromMs: number, toMs: number): Promise<readonly RawCopy[]> {
    const answer = await this.ask((requestId) => ({ type: 'read-black-box', requestId, vehicleIds, fromMs, toMs }));
    return answer.type === 'black-box' ? answer.messages : [];
  }

  /** '' when the telephone's report was accepted, else why not. */
  async phone(vehicleId: string, query: Readonly<Record<string, string>> | null, payload: Uint8Array): Promise<string> {
    const answer = await this.ask((requestId) => ({ type: 'phone', requestId, vehicleId, query, payload }));
    return answer.type === 'phone-answer' ? answer.reason : 'no answer';
  }

  publish(topic: string, payload: string): void {
    this.post({ type: 'publish', topic, payload, qos: 1, retain: false });
  }

  /** Drains and closes the broker; resolves when the thread says it has stopped. */
  stop(): Promise<void> {
    if (this.stopping) return Promise.resolve();
    this.stopping = true;
    return new Promise((resolve) => {
      this.worker.on('message', (message: DoorToHouse) => {
        if (message.type === 'door-stopped') resolve();
      });
      this.worker.once('exit', () => resolve());
      this.post({ type: 'stop' });
    });
  }

  private post(order: HouseToDoor): void {
    this.worker.postMessage(order);
  }

  private ask(order: (requestId: number) => HouseToDoor): Promise<Extract<DoorToHouse, { requestId: number }>> {
    const requestId = this.nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(requestId);
        reject(new Error(`the door did not answer within ${patienceMs} ms`));
      }, patienceMs);
      this.waiting.set(requestId, (answer) => {
        clearTimeout(timer);
        this.waiting.delete(requestId);
        resolve(answer);
      });
      this.post(order(requestId));
    });
  }

  private take(message: DoorToHouse): void {
    switch (message.type) {
      case 'assigned':
        this.listeners.assigned(message.slot, message.generation, message.vehicleId);
        break;
      case 'warnings':
        for (const warning of message.warnings) this.listeners.warning(warning);
        break;
      case 'durable': {
        const { requestId } = message;
        this.listeners.durable(message.message).then(
          () => this.post({ type: 'durable-done', requestId, ok: true, error: '' }),
          (error: unknown) =>
            this.post({
              type: 'durable-done',
              requestId,
              ok: false,
              error: error instanceof Error ? error.message : String(error),
            }),
        );
        break;
      }
      case 'black-box':
      case 'phone-answer':
        this.waiting.get(message.requestId)?.(message);
        break;
      case 'door-counters':
        this.lastReportMs = Date.now();
        this.broker = message.broker;
        this.ingest = message.ingest;
        break;
      default:
        break;
    }
  }
}
