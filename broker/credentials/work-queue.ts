/** Runs at most `width` tasks at once and lets at most `limit` wait; the thread pool also syncs incidents to disk and must not be filled. */
export class WorkQueue {
  readonly #width: number;
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(width: number, limit: number) {
    this.#width = width;
    this.#limit = limit;
  }

  /** undefined when too many wait already. */
  run<T>(task: () => Promise<T>): Promise<T> | undefined {
    if (this.#waiting.length >= this.#limit) return undefined;
    return this.#slot()
      .then(task)
      .finally(() => this.#release());
  }

  #slot(): Promise<void> {
    if (this.#running < this.#width) {
      this.#running += 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}
