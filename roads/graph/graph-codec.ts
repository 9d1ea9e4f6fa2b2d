import { type GraphCounts, type GraphSections, sectionBytes, viewSections } from './graph-sections.ts';
import type { RoadGraph } from './road-graph.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

/** "RAHBANRG" read as two little-endian words, then version, checksum, header bytes, total bytes. */
const MAGIC_LOW = 0x42484152;
const MAGIC_HIGH = 0x47524e41;
/** Raised whenever `viewSections` or the meaning of an array changes; an older file is rebuilt from its map. */
export const GRAPH_FORMAT_VERSION = 1;
const FIXED_BYTES = 24;

/** What a graph file says about itself besides the arrays. */
export interface GraphHeader {
  readonly mapHash: string;
  readonly originLat: number;
  readonly originLon: number;
  readonly bounds: readonly [number, number, number, number];
  readonly counts: GraphCounts;
  readonly strings: readonly string[];
}

/** A file that is no road graph, is cut off, is damaged, or was written by another version. */
export class GraphFormatError extends Error {}

/** A zeroed graph of the given counts over one new buffer: the caller fills the arrays and then calls `sealGraph`. */
export function allocateGraph(header: GraphHeader): RoadGraph {
  const json = encodeUtf8(JSON.stringify(header));
  const start = Math.ceil((FIXED_BYTES + json.length) / 8) * 8;
  const buffer = new ArrayBuffer(start + sectionBytes(header.counts));
  new Uint8Array(buffer).set(json, FIXED_BYTES);
  const words = new Uint32Array(buffer, 0, 6);
  words.set([MAGIC_LOW, MAGIC_HIGH, GRAPH_FORMAT_VERSION, 0, json.length, buffer.byteLength]);
  return assemble(buffer, header, viewSections(buffer, start, header.counts));
}

/** Writes the checksum after the arrays were filled. */
export function sealGraph(graph: RoadGraph): void {
  new Uint32Array(graph.buffer, 0, 6)[3] = checksum(graph.buffer);
}

/** The graph as file bytes: a view of `graph.buffer`, nothing is copied. */
export function encodeGraph(graph: RoadGraph): Uint8Array {
  return new Uint8Array(graph.buffer);
}

/**
 * A graph over the given bytes. With `shared` the bytes are copied once into a SharedArrayBuffer, whose `buffer` other threads
 * can decode again without a copy; otherwise the bytes are used in place when they are a whole buffer, else copied.
 * @throws GraphFormatError when the bytes are no graph file, are cut off, damaged or of another version.
 */
export function decodeGraph(bytes: Uint8Array, shared = false): RoadGraph {
  const buffer = wholeBuffer(bytes, shared);
  if (buffer.byteLength < FIXED_BYTES)
    throw new GraphFormatError(`not a road graph: ${buffer.byteLength} bytes, a header alone has ${FIXED_BYTES}`);
  const [low, high, version, sum, headerBytes, total] = new Uint32Array(buffer, 0, 6);
  if (low !== MAGIC_LOW || high !== MAGIC_HIGH)
    throw new GraphFormatError('not a road graph: the file does not begin with RAHBANRG');
  if (version !== GRAPH_FORMAT_VERSION)
    throw new GraphFormatError(
      `road graph of version ${version}, this program reads ${GRAPH_FORMAT_VERSION}: build it again`,
    );
  if (total !== buffer.byteLength)
    throw new GraphFormatError(`road graph cut off: ${buffer.byteLength} bytes of ${total}`);
  if (checksum(buffer) !== sum) throw new GraphFormatError('road graph damaged: its checksum does not fit');
  const header: GraphHeader = JSON.parse(decodeUtf8(new Uint8Array(buffer, FIXED_BYTES, headerBytes)));
  const start = Math.ceil((FIXED_BYTES + headerBytes) / 8) * 8;
  return assemble(buffer, header, viewSections(buffer, start, header.counts));
}

function assemble(buffer: ArrayBuffer | SharedArrayBuffer, header: GraphHeader, sections: GraphSections): RoadGraph {
  const { mapHash, originLat, originLon, bounds, counts, strings } = header;
  return {
    buffer,
    mapHash,
    originLat,
    originLon,
    bounds,
    numNodes: counts.nodes,
    numEdges: counts.edges,
    numTurns: counts.turns,
    numConflicts: counts.conflicts,
    ...sections,
    strings,
  };
}

function wholeBuffer(bytes: Uint8Array, shared: boolean): ArrayBuffer | SharedArrayBuffer {
  const { buffer } = bytes;
  const whole = bytes.byteOffset === 0 && bytes.byteLength === buffer.byteLength && bytes.byteLength % 8 === 0;
  if (whole && shared === buffer instanceof SharedArrayBuffer) return buffer;
  if (whole && !shared) return buffer;
  const copy = shared ? new SharedArrayBuffer(bytes.byteLength) : new ArrayBuffer(bytes.byteLength);
  new Uint8Array(copy).set(bytes);
  return copy;
}

/** FNV-1a over little-endian 32-bit words with the checksum's own word left out: finds damage, is no protection against forgery. */
function checksum(buffer: ArrayBuffer | SharedArrayBuffer): number {
  const words = new Uint32Array(buffer, 0, buffer.byteLength >> 2);
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) {
    if (i === 3) continue;
    hash = Math.imul(hash ^ words[i], 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}
