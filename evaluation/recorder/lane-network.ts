import { eachTag } from './xml-tags.ts';

export interface LaneEdge {
  readonly id: string;
  /** Nodes; '' for the way through a junction. */
  readonly from: string;
  readonly to: string;
  readonly length: number;
  /** Limit, m/s. */
  readonly speed: number;
  readonly lanes: number;
  readonly internal: boolean;
  /** Edges that follow, ways through the junction between them left out, and the length of the way there, m. */
  readonly next: { readonly edge: string; readonly via: string; readonly straight: boolean }[];
}

/** SUMO's network by edge and lane, as far as the truth needs it. */
export interface LaneNetwork {
  readonly edges: ReadonlyMap<string, LaneEdge>;
  /** Limit of the lane, m/s; 13.9 for an unknown one. */
  limit(lane: string): number;
  edgeOf(lane: string): LaneEdge | undefined;
  /** Middle line of the lane, m; empty for an unknown one. */
  shape(lane: string): readonly (readonly [x: number, y: number])[];
}

export function isInternal(lane: string): boolean {
  return lane.startsWith(':');
}

/** Id of the edge of a lane id. */
export function edgeId(lane: string): string {
  return lane.slice(0, lane.lastIndexOf('_'));
}

export function readLaneNetwork(file: string): LaneNetwork {
  const edges = new Map<string, LaneEdge & { length: number; speed: number; lanes: number }>();
  const limits = new Map<string, number>();
  const shapes = new Map<string, string>();
  let current: (LaneEdge & { length: number; speed: number; lanes: number }) | undefined;
  eachTag(file, (name, attribute) => {
    if (name === 'edge') {
      const id = attribute('id');
      const internal = isInternal(id);
      current = {
        id,
        from: attribute('from'),
        to: attribute('to'),
        length: 0,
        speed: 0,
        lanes: 0,
        internal,
        next: [],
      };
      edges.set(id, current);
    } else if (name === 'lane' && current !== undefined) {
      limits.set(attribute('id'), Number(attribute('speed')));
      shapes.set(attribute('id'), attribute('shape'));
      current.length = Number(attribute('length'));
      current.speed = Math.max(current.speed, Number(attribute('speed')));
      current.lanes += 1;
    } else if (name === 'connection') {
      const from = edges.get(attribute('from'));
      const edge = attribute('to');
      const via = edgeId(attribute('via'));
      if (from !== undefined && !from.next.some((next) => next.edge === edge && next.via === via))
        from.next.push({ edge, via, straight: attribute('dir') === 's' });
    }
  });
  return {
    edges,
    limit: (lane) => limits.get(lane) ?? 13.9,
    edgeOf: (lane) => edges.get(edgeId(lane)),
    shape: (lane) =>
      (shapes.get(lane) ?? '').split(' ').flatMap((corner) => {
        const [x, y] = corner.split(',').map(Number);
        return Number.isFinite(x + y) ? [[x, y] as const] : [];
      }),
  };
}
