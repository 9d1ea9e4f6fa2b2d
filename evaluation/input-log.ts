import { once } from 'node:events';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type AlertEvent, alertClasses, type CollisionEngine } from '../collision/index.ts';

/** First line of an input log. */
export interface InputLogHeader {
  readonly inputLog: 1;
  readonly mapHash: string;
  readonly capacity: number;
  readonly friction: number;
  /** Second 0 of the recording on the engine's clock, UTC ms; 0 when the log is of live traffic. */
  readonly epochMs: number;
}

/**
 * Every call the engine gets, one JSON array a line, in order: ["n", slot, generation, vehicle] names a slot, ["u", …] is an update in
 * the order of its arguments (null = NaN), ["t", nowMs] a tick, ["r", slot, generation] a retirement, ["h", …] and ["c", id] hazards.
 * Numbers are written so that they read back as the same bits.
 */
export class InputLogWriter {
  private readonly stream: WriteStream;
  private lines: string[] = [];

  constructor(file: string, header: InputLogHeader) {
    this.stream = createWriteStream(file);
    this.lines.push(JSON.stringify(header));
  }

  name(slot: number, generation: number, vehicle: string): void {
    this.put(['n', slot, generation, vehicle]);
  }

  /** The same engine, its calls written down as they are made. */
  listenTo(engine: CollisionEngine): CollisionEngine {
    return {
      graph: engine.graph,
      fleet: engine.fleet,
      learned: engine.learned,
      update: (...state) => {
        this.put(['u', ...state]);
        engine.update(...state);
      },
      retire: (slot, generation) => {
        this.put(['r', slot, generation]);
        engine.retire(slot, generation);
      },
      raiseHazard: (...hazard) => {
        this.put(['h', ...hazard]);
        return engine.raiseHazard(...hazard);
      },
      clearHazard: (hazardId) => {
        this.put(['c', hazardId]);
        engine.clearHazard(hazardId);
      },
      tick: (nowMs) => {
        this.put(['t', nowMs]);
        engine.tick(nowMs);
      },
      foresee: (...question) => engine.foresee(...question),
      get pending() {
        return engine.pending;
      },
      trace: (slot, sink) => engine.trace(slot, sink),
      drainAlerts: () => engine.drainAlerts(),
      counters: () => engine.counters(),
    };
  }

  async close(): Promise<void> {
    this.flush();
    this.stream.end();
    await once(this.stream, 'finish');
  }

  private put(line: readonly unknown[]): void {
    this.lines.push(JSON.stringify(line));
    if (this.lines.length >= 4096) this.flush();
  }

  private flush(): void {
    if (this.lines.length > 0) this.stream.write(`${this.lines.join('\n')}\n`);
    this.lines = [];
  }
}

/** What happens during a replay. `tick` is called after each tick with what it gave; true ends the replay. */
export interface ReplayListener {
  header(header: InputLogHeader): CollisionEngine;
  named(slot: number, generation: number, vehicle: string): void;
  tick(nowMs: number, events: readonly AlertEvent[]): boolean;
}

function isHeader(value: unknown): value is InputLogHeader {
  return (
    typeof value === 'object' && value !== null && 'inputLog' in value && value.inputLog === 1 && 'capacity' in value
  );
}

/**
 * Makes the calls of a log again. A log cut short in its last line (the writer died) ends there.
 * @throws Error naming the line for what is no input log.
 */
export async function replayInputs(file: string, listener: ReplayListener): Promise<void> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  let engine: CollisionEngine | undefined;
  let number = 0;
  let broken = '';
  for await (const line of lines) {
    if (broken !== '') throw new Error(broken);
    number += 1;
    let parsed: unknown;
    try {
      parsed = JSON.parse(line);
    } catch {
      broken = `${file}:${number}: not JSON`;
      continue;
    }
    if (engine === undefined) {
      if (!isHeader(parsed)) throw new Error(`${file}: not an input log (its first line has no "inputLog": 1)`);
      engine = listener.header(parsed);
    } else if (call(engine, parsed, listener, `${file}:${number}`)) break;
  }
  if (engine === undefined) throw new Error(`${file}: ${broken === '' ? 'empty' : broken}`);
}

function call(engine: CollisionEngine, line: unknown, listener: ReplayListener, where: string): boolean {
  if (!Array.isArray(line)) throw new Error(`${where}: an array is expected`);
  const [kind, ...rest] = line as unknown[];
  const n = rest.map((value) => (typeof value === 'number' ? value : Number.NaN));
  switch (kind) {
    case 'u':
      engine.update(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11], n[12], n[13]);
      return false;
    case 't':
      engine.tick(n[0]);
      return listener.tick(n[0], engine.drainAlerts());
    case 'n':
      listener.named(n[0], n[1], String(rest[2]));
      return false;
    case 'r':
      engine.retire(n[0], n[1]);
      return false;
    case 'h': {
      const hazard = alertClasses.find((name) => name === rest[0]);
      if (hazard === undefined) throw new Error(`${where}: no hazard class ${JSON.stringify(rest[0])}`);
      engine.raiseHazard(hazard, n[1], n[2], n[3], n[4], n[5], n[6]);
      return false;
    }
    case 'c':
      engine.clearHazard(n[0]);
      return false;
    default:
      throw new Error(`${where}: unknown call ${JSON.stringify(kind)}`);
  }
}
