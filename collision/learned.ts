import type { RoadGraph } from '../roads/graph/index.ts';

/** Numbers that somebody learned; a restart may begin with them. Never replaced, only filled. */
export type Memory = Float32Array | Float64Array | Uint16Array | Uint8Array;

/** Who learns from the traffic. */
export interface Learner {
  readonly memory: readonly Memory[];
  /** Makes the fields that follow from what is remembered; throws RangeError where it cannot be true. */
  recall(): void;
}

const magic = 0x4c424152;
const format = 1;
/** Words of 4 bytes before the content: magic, format, bytes of content, checksum of content and map. */
const headerWords = 4;

/**
 * What the core has learned of a city's drivers (P9): shares and paces of the movements, and how late they brake. `bytes` to keep, which the next run over the
 * same map is given. Counts of drivers only: nothing of any vehicle.
 */
export class Learned {
  /** 1 when the given bytes were taken, or when they were refused: of another map or format, cut, altered or impossible. */
  readonly counts = { learnedRestored: 0, learnedRefused: 0 };
  private readonly _graph: RoadGraph;
  private readonly _learners: readonly Learner[];

  constructor(graph: RoadGraph, learners: readonly Learner[], given: Uint8Array | undefined) {
    this._graph = graph;
    this._learners = learners;
    if (given === undefined) return;
    const fresh = this.bytes();
    if (this._restore(given)) {
      this.counts.learnedRestored = 1;
      return;
    }
    this._restore(fresh);
    this.counts.learnedRefused = 1;
  }

  /** Everything learned so far; a copy. */
  bytes(): Uint8Array {
    const memories = this._memories();
    const size = 4 * headerWords + memories.reduce((sum, memory) => sum + padded(memory.byteLength), 0);
    const bytes = new Uint8Array(size);
    let at = 4 * headerWords;
    for (const memory of memories) {
      bytes.set(new Uint8Array(memory.buffer, memory.byteOffset, memory.byteLength), at);
      at += padded(memory.byteLength);
    }
    const words = new Uint32Array(bytes.buffer);
    words[0] = magic;
    words[1] = format;
    words[2] = size - 4 * headerWords;
    words[3] = this._checksum(words);
    return bytes;
  }

  private _restore(given: Uint8Array): boolean {
    const memories = this._memories();
    const content = memories.reduce((sum, memory) => sum + padded(memory.byteLength), 0);
    if (given.length !== 4 * headerWords + content) return false;
    const bytes = new Uint8Array(given);
    const words = new Uint32Array(bytes.buffer);
    if (words[0] !== magic || words[1] !== format || words[2] !== content) return false;
    if (words[3] !== this._checksum(words)) return false;
    let at = 4 * headerWords;
    for (const memory of memories) {
      const target = new Uint8Array(memory.buffer, memory.byteOffset, memory.byteLength);
      target.set(bytes.subarray(at, at + memory.byteLength));
      at += padded(memory.byteLength);
      for (const value of memory) if (!(value >= 0 && value < Infinity)) return false;
    }
    try {
      for (const learner of this._learners) learner.recall();
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
    return true;
  }

  private _memories(): Memory[] {
    return this._learners.flatMap(({ memory }) => memory);
  }

  /** FNV-1a over words, begun with the map's own hash: what was learned of one map says nothing of another. */
  private _checksum(words: Uint32Array): number {
    let hash = 0x811c9dc5;
    for (const letter of this._graph.mapHash) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
    for (let i = headerWords; i < words.length; i += 1) hash = Math.imul(hash ^ words[i], 0x01000193);
    return hash >>> 0;
  }
}

function padded(bytes: number): number {
  return (bytes + 3) & ~3;
}
