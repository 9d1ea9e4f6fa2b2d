/** Bytes by key, at most `limit` bytes of them; the least recently used go first. */
export class TileCache {
  readonly #limit: number;
  readonly #tiles = new Map<string, Buffer>();
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Buffer | undefined {
    const tile = this.#tiles.get(key);
    if (tile === undefined) return undefined;
    this.#tiles.delete(key);
    this.#tiles.set(key, tile);
    return tile;
  }

  /** The key must be new. A tile greater than the whole limit is not kept. */
  add(key: string, tile: Buffer): void {
    if (tile.length > this.#limit) return;
    this.#tiles.set(key, tile);
    this.#bytes += tile.length + key.length;
    for (const [oldest, { length }] of this.#tiles) {
      if (this.#bytes <= this.#limit) break;
      this.#tiles.delete(oldest);
      this.#bytes -= length + oldest.length;
    }
  }
}
