import { closeSync, openSync, writeSync } from 'node:fs';
import { tarBlock, tarEnd, tarEntry } from './tar.ts';

/**
 * Valhalla's live traffic archive: a tar with one entry per graph tile, memory-mapped by the engine, so that eight bytes written
 * here change the next route. Layout of an entry (valhalla/baldr/traffictile.h): 32-byte header {tile id u64, last update u64 (s),
 * directed edges u32, version u32 = 3, spare u64}, then 8 bytes per directed edge.
 */
const headerSize = 32;
const entryVersion = 3;
const maxSpeedKmh = 2 * 126;
const unknownSpeed = 127n;

/** A tile of the routing graph as far as the traffic file needs it. */
export interface TileShape {
  /** Name inside the archives, e.g. "2/000/769/709.gph". */
  readonly name: string;
  /** Level and tile number packed as Valhalla packs them (low 25 bits of a graph id). */
  readonly id: number;
  readonly directedEdges: number;
}

/** Reads id and number of directed edges out of a tile's header (valhalla/baldr/graphtileheader.h, format 3.x). */
export function tileShape(name: string, tile: Uint8Array): TileShape {
  if (tile.length < 272) throw new Error(`routing tile ${name} is too short: ${tile.length} bytes`);
  const view = new DataView(tile.buffer, tile.byteOffset, tile.byteLength);
  const id = Number(view.getBigUint64(0, true) & 0x1ffffffn);
  const directedEdges = Number((view.getBigUint64(40, true) >> 21n) & 0x1fffffn);
  return { name, id, directedEdges };
}

/** An archive in which no edge has a live speed. */
export function emptyTrafficArchive(tiles: readonly TileShape[], nowMs: number): Uint8Array {
  const parts = tiles.map((tile) => {
    const body = Buffer.alloc(headerSize + 8 * tile.directedEdges);
    body.writeBigUInt64LE(BigInt(tile.id), 0);
    body.writeBigUInt64LE(BigInt(Math.floor(nowMs / 1000)), 8);
    body.writeUInt32LE(tile.directedEdges, 16);
    body.writeUInt32LE(entryVersion, 20);
    return tarEntry(tile.name, body);
  });
  return Buffer.concat([...parts, tarEnd()]);
}

/**
 * One live speed over the whole edge (valhalla/baldr/traffictile.h: overall speed and first sub-segment in steps of 2 km/h,
 * breakpoint 255 = the end of the edge). A closed edge has speed 0; an unknown one is all zero bits (breakpoint 0 = not valid).
 * @param speed m/s, >= 0
 */
export function encodeLiveSpeed(speed: number): bigint {
  const raw = BigInt(Math.round(Math.min(speed * 3.6, maxSpeedKmh) / 2));
  // A crawling but passable edge must not round down to 0, which means closed.
  const coded = raw === 0n && speed > 0 ? 1n : raw;
  return coded | (coded << 7n) | (unknownSpeed << 14n) | (unknownSpeed << 21n) | (255n << 28n);
}

/** Writes live speeds in place. Edges are named by tile id and directed edge number. */
export class TrafficFile {
  private readonly fd: number;
  private readonly offsets = new Map<number, { readonly start: number; readonly directedEdges: number }>();

  constructor(path: string, tiles: readonly TileShape[]) {
    let position = 0;
    for (const tile of tiles) {
      this.offsets.set(tile.id, { start: position + tarBlock + headerSize, directedEdges: tile.directedEdges });
      position += tarBlock + Math.ceil((headerSize + 8 * tile.directedEdges) / tarBlock) * tarBlock;
    }
    this.fd = openSync(path, 'r+');
  }

  /** @param bits from `encodeLiveSpeed`, or 0n for unknown. @throws RangeError for an edge the archive does not have. */
  write(tileId: number, directedEdge: number, bits: bigint): void {
    const tile = this.offsets.get(tileId);
    if (tile === undefined || directedEdge < 0 || directedEdge >= tile.directedEdges) {
      throw new RangeError(`no directed edge ${directedEdge} in traffic tile ${tileId}`);
    }
    const word = Buffer.alloc(8);
    word.writeBigUInt64LE(bits);
    writeSync(this.fd, word, 0, 8, tile.start + 8 * directedEdge);
  }

  close(): void {
    closeSync(this.fd);
  }
}
