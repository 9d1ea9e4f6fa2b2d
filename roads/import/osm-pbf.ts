import { inflateSync } from 'node:zlib';
import { PbfReader } from 'pbf';
import { MapFormatError } from './map-format-error.ts';

export type Tags = Readonly<Record<string, string>>;

export interface OsmWay {
  readonly id: number;
  readonly refs: readonly number[];
  readonly tags: Tags;
}

export interface OsmMember {
  readonly type: 'node' | 'way' | 'relation';
  readonly ref: number;
  readonly role: string;
}

export interface OsmRelation {
  readonly id: number;
  readonly members: readonly OsmMember[];
  readonly tags: Tags;
}

/** What a pass over the file wants; kinds without a handler are skipped unread. */
export interface OsmHandlers {
  /** Degrees. `tags` is only built for nodes that have any. */
  node?(id: number, lat: number, lon: number, tags: Tags | undefined): void;
  way?(way: OsmWay): void;
  relation?(relation: OsmRelation): void;
}

const NO_TAGS: Tags = {};
/** Limits of the format's specification. */
const MAX_HEADER = 64 * 1024;
const MAX_BLOB = 32 * 1024 * 1024;
const FEATURES = new Set(['OsmSchema-V0.6', 'DenseNodes']);

/**
 * One pass over an `.osm.pbf` file (https://wiki.openstreetmap.org/wiki/PBF_Format), in file order.
 * @throws MapFormatError when the file is cut off, is not OSM PBF or needs a feature this reader does not have.
 */
export function readOsmPbf(bytes: Uint8Array, handlers: OsmHandlers): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let blobs = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) throw new MapFormatError(`OSM PBF cut off at byte ${at}`);
    const headerSize = view.getUint32(at);
    if (headerSize > MAX_HEADER)
      throw new MapFormatError(
        `not an OSM PBF file: a header of ${headerSize} bytes at byte ${at}, at most ${MAX_HEADER}`,
      );
    const header = { type: '', size: 0 };
    if (at + 4 + headerSize > bytes.length) throw new MapFormatError(`OSM PBF cut off in a header at byte ${at}`);
    guarded(at, () =>
      new PbfReader(bytes.subarray(at + 4, at + 4 + headerSize)).readFields((tag, out, pbf) => {
        if (tag === 1) out.type = pbf.readString();
        else if (tag === 3) out.size = pbf.readVarint();
      }, header),
    );
    const start = at + 4 + headerSize;
    if (header.size > MAX_BLOB)
      throw new MapFormatError(`OSM PBF broken: a blob of ${header.size} bytes at byte ${at}`);
    if (start + header.size > bytes.length)
      throw new MapFormatError(
        `OSM PBF cut off: the blob at byte ${at} ends ${start + header.size - bytes.length} bytes beyond the file`,
      );
    if (blobs === 0 && header.type !== 'OSMHeader')
      throw new MapFormatError(`not an OSM PBF file: it begins with "${header.type}", OSMHeader expected`);
    guarded(at, () => {
      const body = inflate(bytes.subarray(start, start + header.size));
      if (header.type === 'OSMHeader') checkFeatures(body);
      else if (header.type === 'OSMData') readBlock(body, handlers);
    });
    blobs++;
    at = start + header.size;
  }
  if (blobs < 2) throw new MapFormatError('OSM PBF without data');
}

/** Turns the errors of the decoders into one that says where in the file. */
function guarded(at: number, read: () => void): void {
  try {
    read();
  } catch (error) {
    if (error instanceof MapFormatError) throw error;
    throw new MapFormatError(
      `OSM PBF broken in the blob at byte ${at}: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function inflate(blob: Uint8Array): Uint8Array {
  let body: Uint8Array | undefined;
  new PbfReader(blob).readFields((tag, _, pbf) => {
    if (tag === 1) body = pbf.readBytes();
    else if (tag === 3) body = inflateSync(pbf.readBytes(), { maxOutputLength: MAX_BLOB });
    else if (tag >= 4 && tag <= 7)
      throw new MapFormatError('OSM PBF compressed by LZMA, LZ4 or zstd: only zlib is read');
  }, undefined);
  if (body === undefined) throw new MapFormatError('OSM PBF broken: a blob without data');
  return body;
}

function checkFeatures(body: Uint8Array): void {
  new PbfReader(body).readFields((tag, _, pbf) => {
    if (tag !== 4) return;
    const feature = pbf.readString();
    if (!FEATURES.has(feature))
      throw new MapFormatError(`OSM PBF needs the feature "${feature}", which is not supported`);
  }, undefined);
}

interface Block {
  readonly strings: string[];
  readonly groups: Uint8Array[];
  granularity: number;
  latOffset: number;
  lonOffset: number;
}

function readBlock(body: Uint8Array, handlers: OsmHandlers): void {
  const block: Block = { strings: [], groups: [], granularity: 100, latOffset: 0, lonOffset: 0 };
  new PbfReader(body).readFields((tag, out, pbf) => {
    if (tag === 1)
      pbf.readMessage((inner, strings) => {
        if (inner === 1) strings.push(pbf.readString());
      }, out.strings);
    else if (tag === 2) out.groups.push(pbf.readBytes());
    else if (tag === 17) out.granularity = pbf.readVarint();
    else if (tag === 19) out.latOffset = pbf.readVarint(true);
    else if (tag === 20) out.lonOffset = pbf.readVarint(true);
  }, block);
  for (const group of block.groups)
    new PbfReader(group).readFields((tag, _, pbf) => {
      if (tag === 1 && handlers.node) readNode(pbf, block, handlers.node);
      else if (tag === 2 && handlers.node) readDense(pbf, block, handlers.node);
      else if (tag === 3 && handlers.way) handlers.way(readWay(pbf, block));
      else if (tag === 4 && handlers.relation) handlers.relation(readRelation(pbf, block));
    }, undefined);
}

function readNode(pbf: PbfReader, block: Block, node: NonNullable<OsmHandlers['node']>): void {
  const raw = { id: 0, lat: 0, lon: 0, keys: [] as number[], values: [] as number[] };
  pbf.readMessage((tag, out) => {
    if (tag === 1) out.id = pbf.readSVarint();
    else if (tag === 2) out.keys = pbf.readPackedVarint();
    else if (tag === 3) out.values = pbf.readPackedVarint();
    else if (tag === 8) out.lat = pbf.readSVarint();
    else if (tag === 9) out.lon = pbf.readSVarint();
  }, raw);
  const tags = raw.keys.length > 0 ? tagsOf(raw.keys, raw.values, block) : undefined;
  node(
    raw.id,
    1e-9 * (block.latOffset + block.granularity * raw.lat),
    1e-9 * (block.lonOffset + block.granularity * raw.lon),
    tags,
  );
}

function readDense(pbf: PbfReader, block: Block, node: NonNullable<OsmHandlers['node']>): void {
  const raw = { ids: [] as number[], lats: [] as number[], lons: [] as number[], words: [] as number[] };
  pbf.readMessage((tag, out) => {
    if (tag === 1) out.ids = pbf.readPackedSVarint();
    else if (tag === 8) out.lats = pbf.readPackedSVarint();
    else if (tag === 9) out.lons = pbf.readPackedSVarint();
    else if (tag === 10) out.words = pbf.readPackedVarint();
  }, raw);
  if (raw.lats.length !== raw.ids.length || raw.lons.length !== raw.ids.length)
    throw new MapFormatError(`OSM PBF broken: ${raw.ids.length} nodes with ${raw.lats.length} latitudes`);
  let id = 0;
  let lat = 0;
  let lon = 0;
  let word = 0;
  for (let i = 0; i < raw.ids.length; i++) {
    id += raw.ids[i];
    lat += raw.lats[i];
    lon += raw.lons[i];
    let tags: Record<string, string> | undefined;
    // keys and values of all nodes in one list, each node's ended by a 0
    while (word < raw.words.length && raw.words[word] !== 0) {
      tags ??= {};
      tags[block.strings[raw.words[word]]] = block.strings[raw.words[word + 1]];
      word += 2;
    }
    word++;
    node(
      id,
      1e-9 * (block.latOffset + block.granularity * lat),
      1e-9 * (block.lonOffset + block.granularity * lon),
      tags,
    );
  }
}

function readWay(pbf: PbfReader, block: Block): OsmWay {
  const raw = { id: 0, keys: [] as number[], values: [] as number[], refs: [] as number[] };
  pbf.readMessage((tag, out) => {
    if (tag === 1) out.id = pbf.readVarint();
    else if (tag === 2) out.keys = pbf.readPackedVarint();
    else if (tag === 3) out.values = pbf.readPackedVarint();
    else if (tag === 8) out.refs = undelta(pbf.readPackedSVarint());
  }, raw);
  return { id: raw.id, refs: raw.refs, tags: tagsOf(raw.keys, raw.values, block) };
}

const MEMBER_TYPES = ['node', 'way', 'relation'] as const;

function readRelation(pbf: PbfReader, block: Block): OsmRelation {
  const raw = {
    id: 0,
    keys: [] as number[],
    values: [] as number[],
    roles: [] as number[],
    refs: [] as number[],
    types: [] as number[],
  };
  pbf.readMessage((tag, out) => {
    if (tag === 1) out.id = pbf.readVarint();
    else if (tag === 2) out.keys = pbf.readPackedVarint();
    else if (tag === 3) out.values = pbf.readPackedVarint();
    else if (tag === 8) out.roles = pbf.readPackedVarint();
    else if (tag === 9) out.refs = undelta(pbf.readPackedSVarint());
    else if (tag === 10) out.types = pbf.readPackedVarint();
  }, raw);
  const members = raw.refs.map((ref, i) => ({
    ref,
    type: MEMBER_TYPES[raw.types[i]],
    role: block.strings[raw.roles[i]],
  }));
  return { id: raw.id, members, tags: tagsOf(raw.keys, raw.values, block) };
}

function tagsOf(keys: readonly number[], values: readonly number[], block: Block): Tags {
  if (keys.length === 0) return NO_TAGS;
  const tags: Record<string, string> = {};
  keys.forEach((key, i) => {
    tags[block.strings[key]] = block.strings[values[i]];
  });
  return tags;
}

function undelta(deltas: number[]): number[] {
  for (let i = 1; i < deltas.length; i++) deltas[i] += deltas[i - 1];
  return deltas;
}
