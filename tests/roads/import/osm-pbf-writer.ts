import { deflateSync } from 'node:zlib';
import { PbfWriter } from 'pbf';

export interface WrittenNode {
  readonly id: number;
  /** Metres east and north of 35 N 51 E, roughly. */
  readonly x: number;
  readonly y: number;
  readonly tags?: Record<string, string>;
}

export interface WrittenWay {
  readonly id: number;
  readonly refs: readonly number[];
  readonly tags: Record<string, string>;
}

export interface WrittenRelation {
  readonly id: number;
  readonly members: readonly { readonly type: 0 | 1; readonly ref: number; readonly role: string }[];
  readonly tags: Record<string, string>;
}

/** A small OSM PBF file, nodes written plain (not dense): the other form of the format than the one the maps use. */
export function writeOsmPbf(
  nodes: readonly WrittenNode[],
  ways: readonly WrittenWay[],
  relations: readonly WrittenRelation[] = [],
  feature = 'OsmSchema-V0.6',
): Uint8Array {
  const strings = [''];
  const id = (text: string): number => {
    const at = strings.indexOf(text);
    return at >= 0 ? at : strings.push(text) - 1;
  };
  const tagFields = (tags: Record<string, string>, pbf: PbfWriter): void => {
    pbf.writePackedVarint(2, Object.keys(tags).map(id));
    pbf.writePackedVarint(3, Object.values(tags).map(id));
  };
  const group = new PbfWriter();
  for (const node of nodes)
    group.writeMessage(
      1,
      (n, pbf) => {
        pbf.writeSVarintField(1, n.id);
        tagFields(n.tags ?? {}, pbf);
        pbf.writeSVarintField(8, Math.round((35 + n.y / 110_941) * 1e7));
        pbf.writeSVarintField(9, Math.round((51 + n.x / 91_288) * 1e7));
      },
      node,
    );
  for (const way of ways)
    group.writeMessage(
      3,
      (w, pbf) => {
        pbf.writeVarintField(1, w.id);
        tagFields(w.tags, pbf);
        pbf.writePackedSVarint(8, deltas(w.refs));
      },
      way,
    );
  for (const relation of relations)
    group.writeMessage(
      4,
      (r, pbf) => {
        pbf.writeVarintField(1, r.id);
        tagFields(r.tags, pbf);
        pbf.writePackedVarint(
          8,
          r.members.map(({ role }) => id(role)),
        );
        pbf.writePackedSVarint(9, deltas(r.members.map(({ ref }) => ref)));
        pbf.writePackedVarint(
          10,
          r.members.map(({ type }) => type),
        );
      },
      relation,
    );
  const block = new PbfWriter();
  block.writeMessage(
    1,
    (list, pbf) => {
      for (const text of list) pbf.writeBytesField(1, new TextEncoder().encode(text));
    },
    strings,
  );
  block.writeBytesField(2, group.finish());
  const header = new PbfWriter();
  header.writeStringField(4, feature);
  return Buffer.concat([blob('OSMHeader', header.finish()), blob('OSMData', block.finish())]);
}

function deltas(values: readonly number[]): number[] {
  return values.map((value, i) => value - (values[i - 1] ?? 0));
}

function blob(type: string, content: Uint8Array): Uint8Array {
  const body = new PbfWriter();
  body.writeVarintField(2, content.length);
  body.writeBytesField(3, deflateSync(content));
  const bytes = body.finish();
  const header = new PbfWriter();
  header.writeStringField(1, type);
  header.writeVarintField(3, bytes.length);
  const head = header.finish();
  const size = Buffer.alloc(4);
  size.writeUInt32BE(head.length);
  return Buffer.concat([size, head, bytes]);
}
