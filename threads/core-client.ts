import type { Worker } from 'node:worker_threads';
import type { CoreToHouse, CrashSeen, ToCore } from './protocol.ts';

export interface CoreListeners {
  crash(crash: CrashSeen): void;
  /** How late one tick began, wall ms. */
  tickLate(ms: number): void;
  /** What the core has learned so far: now and then, and when it stops. */
  learned(bytes: Uint8Array): void;
}

/** The house's side of the core's thread. */
export class CoreClient {
  counters: Readonly<Record<string, number>> = {};
  /** Wall ms of the last sign of life. */
  lastReportMs = Date.now();
  /** Resolves with the reason when the thread ends by itself. */
  readonly failed: Promise<string>;
  private readonly worker: Worker;
  private stopping = false;

  constructor(worker: Worker, listeners: CoreListeners) {
    this.worker = worker;
    worker.on('message', (message: CoreToHouse) => {
      if (message.type === 'crash') listeners.crash(message.crash);
      else if (message.type === 'learned') listeners.learned(message.bytes);
      else if (message.type === 'core-counters') {
        this.lastReportMs = Date.now();
        this.counters = message.counters;
        for (const ms of message.tickLateMs) listeners.tickLate(ms);
      }
    });
    this.failed = new Promise((resolve) => {
      worker.once('error', (error) => resolve(`core: ${error.message}`));
      worker.once('exit', (code) => {
        if (!this.stopping) resolve(`core: thread ended with code ${code}`);
      });
    });
  }

  async stop(): Promise<void> {
    if (this.stopping) return;
    this.stopping = true;
    const exited = new Promise<void>((resolve) => this.worker.once('exit', () => resolve()));
    const order: ToCore = { type: 'stop' };
    this.worker.postMessage(order);
    const timer = setTimeout(() => void this.worker.terminate(), 3_000);
    await exited;
    clearTimeout(timer);
  }
}
