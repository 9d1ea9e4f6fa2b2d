/** TAI seconds since 2004 minus UTC seconds since 2004, in force since 2017: what a radio that counts leap seconds is ahead. */
export const taiLeadMs = 5_000;

interface Learned {
  taiLead: 0 | 5_000;
  /** Messages in a row that spoke for the other offset. */
  contrary: number;
}

/** Votes in a row that turn a learned offset: a source's firmware may change, one late packet must not. */
const contraryVotes = 8;

/**
 * Which sources count ETSI time in TAI (5000 ms ahead) and which, like Orange's JSON, without leap seconds. Learned from the
 * first message of a source and kept until eight in a row disagree, so that one source never flips between two times.
 * Bounded: past `capacity` the source that was heard first is forgotten and learned anew.
 */
export class ClockOffsets {
  readonly #sources = new Map<string, Learned>();
  readonly #capacity: number;

  /** Throws RangeError unless capacity is an integer in [1, 10_000_000]. */
  constructor(capacity = 100_000) {
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > 10_000_000)
      throw new RangeError(`ClockOffsets capacity ${capacity}: an integer in [1, 10000000] is needed`);
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#sources.size;
  }

  /** The lead (0 or 5000 ms) to subtract, given the age the message would have if the source counted without leap seconds. */
  observe(source: string, ageMs: number): 0 | 5_000 {
    const nearest = nearestLead(ageMs);
    const known = this.#sources.get(source);
    if (known === undefined) {
      if (this.#sources.size >= this.#capacity) {
        const oldest = this.#sources.keys().next();
        if (oldest.done !== true) this.#sources.delete(oldest.value);
      }
      this.#sources.set(source, { taiLead: nearest, contrary: 0 });
      return nearest;
    }
    if (nearest === known.taiLead) known.contrary = 0;
    else if (++known.contrary >= contraryVotes) {
      known.taiLead = nearest;
      known.contrary = 0;
    }
    return known.taiLead;
  }
}

/** Without memory: the offset that puts the message nearest to its reception. */
export const nearestLead = (ageMs: number): 0 | 5_000 =>
  Math.abs(ageMs) <= Math.abs(ageMs + taiLeadMs) ? 0 : taiLeadMs;
