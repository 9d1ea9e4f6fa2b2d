import type { OsmRoad } from './osm-elements.ts';
import type { RoadTags } from './osm-road-tags.ts';

/** A stretch of road between two junctions or dead ends, in one drawing direction, of the same kind all along. */
export interface RoadChain {
  readonly refs: readonly number[];
  readonly road: RoadTags;
  /** Per stretch between two refs: true when the way is drawn in the chain's direction. */
  readonly drawn: readonly boolean[];
  /** OSM ways it is made of, in order. */
  readonly ways: readonly number[];
}

/**
 * Cuts roads where they meet and joins pieces where only two of the same kind meet. A place where the kind changes (limit,
 * lanes, name, level …) stays a cut.
 */
export function cutIntoChains(roads: readonly OsmRoad[]): RoadChain[] {
  const uses = new Map<number, number>();
  for (const { refs } of roads)
    refs.forEach((ref, i) => {
      const atEnd = i === 0 || i === refs.length - 1;
      uses.set(ref, (uses.get(ref) ?? 0) + (atEnd ? 2 : 1));
    });
  const chains = new Set<RoadChain>();
  const atNode = new Map<number, RoadChain[]>();
  const add = (chain: RoadChain): void => {
    chains.add(chain);
    for (const ref of [chain.refs[0], chain.refs[chain.refs.length - 1]]) {
      const list = atNode.get(ref);
      if (list === undefined) atNode.set(ref, [chain]);
      else list.push(chain);
    }
  };
  const remove = (chain: RoadChain): void => {
    chains.delete(chain);
    for (const ref of [chain.refs[0], chain.refs[chain.refs.length - 1]]) {
      const list = atNode.get(ref) ?? [];
      list.splice(list.indexOf(chain), 1);
    }
  };
  for (const { id, refs, road } of roads) {
    let start = 0;
    for (let i = 1; i < refs.length; i++)
      if (i === refs.length - 1 || (uses.get(refs[i]) ?? 0) > 1) {
        add({ refs: refs.slice(start, i + 1), road, ways: [id], drawn: new Array<boolean>(i - start).fill(true) });
        start = i;
      }
  }
  for (const [node, list] of atNode) {
    if (list.length !== 2 || list[0] === list[1]) continue;
    const joined = join(list[0], list[1], node);
    if (joined === undefined) continue;
    remove(list[0]);
    remove(list[0]);
    add(joined);
  }
  return [...chains];
}

/** a and b as one chain over `node`, or undefined when they are of unlike kind or would make a closed ring. */
function join(a: RoadChain, b: RoadChain, node: number): RoadChain | undefined {
  const first = a.refs[a.refs.length - 1] === node ? a : flip(a);
  const second = b.refs[0] === node ? b : flip(b);
  if (first.refs[0] === second.refs[second.refs.length - 1]) return undefined;
  if (JSON.stringify(first.road) !== JSON.stringify(second.road)) return undefined;
  const ways = first.ways.at(-1) === second.ways[0] ? second.ways.slice(1) : second.ways;
  const chain = {
    refs: [...first.refs, ...second.refs.slice(1)],
    road: first.road,
    drawn: [...first.drawn, ...second.drawn],
    ways: [...first.ways, ...ways],
  };
  // A one-way road keeps its own drawing direction, so that joining does not depend on the order of the file.
  return chain.road.forward === undefined ? flip(chain) : chain;
}

function flip(chain: RoadChain): RoadChain {
  return {
    refs: [...chain.refs].reverse(),
    drawn: chain.drawn.map((along) => !along).reverse(),
    ways: [...chain.ways].reverse(),
    road: { ...chain.road, forward: chain.road.backward, backward: chain.road.forward },
  };
}
