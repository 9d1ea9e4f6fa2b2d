import { MapFormatError } from './map-format-error.ts';
import { attribute, scanXml, type XmlTag } from './xml-scanner.ts';

/** Who may use a lane: cars, only named motor vehicles (bus, taxi …), only trains or trams, or nobody with a motor. */
export type LaneUse = 'car' | 'restricted' | 'rail' | 'bicycle' | 'foot';

export interface SumoLane {
  readonly id: string;
  readonly use: LaneUse;
  readonly speed: number;
  readonly width: number;
  /** x0, y0, x1, y1 … in the network's coordinates. */
  readonly shape: readonly number[];
  /** A vehicle may overtake through the opposite lane. */
  opposite: boolean;
}

export interface SumoEdge {
  readonly id: string;
  /** '' for a normal edge, else internal, crossing, walkingarea, connector. */
  readonly function: string;
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly name: string;
  /** Edge ids a pedestrian crossing crosses. */
  readonly crosses: readonly string[];
  readonly lanes: SumoLane[];
}

export interface SumoConnection {
  readonly from: string;
  readonly to: string;
  readonly fromLane: number;
  readonly toLane: number;
  readonly via: string;
  readonly tl: string;
  readonly linkIndex: number;
  readonly dir: string;
  readonly state: string;
}

export interface SumoJunction {
  readonly id: string;
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly internalLanes: readonly string[];
  /** Bit strings as in the file: the rightmost character belongs to link 0. */
  readonly requests: { readonly response: string; readonly foes: string }[];
}

export interface SumoNet {
  readonly netOffset: string;
  readonly projParameter: string;
  readonly edges: readonly SumoEdge[];
  readonly junctions: readonly SumoJunction[];
  readonly connections: readonly SumoConnection[];
  readonly roundaboutNodes: ReadonlySet<string>;
  readonly roundaboutEdges: ReadonlySet<string>;
  /** Phases (link states) of the traffic lights, by id. */
  readonly signalPhases: ReadonlyMap<string, readonly string[]>;
}

const RAIL = ['rail', 'rail_urban', 'rail_electric', 'rail_fast', 'tram', 'subway', 'light_rail'];
const RESTRICTED = [
  'bus',
  'coach',
  'taxi',
  'delivery',
  'truck',
  'emergency',
  'authority',
  'private',
  'hov',
  'motorcycle',
];

/** Reads the text of a SUMO `.net.xml`. Throws MapFormatError or XmlFormatError with the place when it is broken. */
export function parseSumoNet(text: string): SumoNet {
  let root = '';
  let location: XmlTag | undefined;
  const edges: SumoEdge[] = [];
  const junctions: SumoJunction[] = [];
  const connections: SumoConnection[] = [];
  const roundaboutNodes = new Set<string>();
  const roundaboutEdges = new Set<string>();
  const signalPhases = new Map<string, string[]>();
  let phases: string[] = [];
  scanXml(
    text,
    (tag) => {
      if (root === '') root = tag.name;
      if (tag.name === 'lane') edges[edges.length - 1]?.lanes.push(readLane(tag));
      else if (tag.name === 'edge') edges.push(readEdge(tag));
      else if (tag.name === 'connection') connections.push(readConnection(tag));
      else if (tag.name === 'request')
        junctions[junctions.length - 1]?.requests.push({ response: need(tag, 'response'), foes: need(tag, 'foes') });
      else if (tag.name === 'junction') junctions.push(readJunction(tag));
      else if (tag.name === 'neigh') {
        const lane = edges[edges.length - 1]?.lanes.at(-1);
        if (lane !== undefined) lane.opposite = true;
      } else if (tag.name === 'roundabout') {
        for (const id of list(attribute(tag, 'nodes'))) roundaboutNodes.add(id);
        for (const id of list(attribute(tag, 'edges'))) roundaboutEdges.add(id);
      } else if (tag.name === 'tlLogic') {
        phases = signalPhases.get(need(tag, 'id')) ?? [];
        signalPhases.set(need(tag, 'id'), phases);
      } else if (tag.name === 'phase') phases.push(need(tag, 'state'));
      else if (tag.name === 'location') location = tag;
    },
    () => {},
  );
  if (root !== 'net') throw new MapFormatError(`not a SUMO network: its root element is <${root}>, <net> expected`);
  if (location === undefined) throw new MapFormatError('SUMO network without a location element');
  return {
    netOffset: need(location, 'netOffset'),
    projParameter: need(location, 'projParameter'),
    edges,
    junctions,
    connections,
    roundaboutNodes,
    roundaboutEdges,
    signalPhases,
  };
}

function readEdge(tag: XmlTag): SumoEdge {
  return {
    id: need(tag, 'id'),
    function: attribute(tag, 'function') ?? '',
    from: attribute(tag, 'from') ?? '',
    to: attribute(tag, 'to') ?? '',
    type: attribute(tag, 'type') ?? '',
    name: attribute(tag, 'name') ?? '',
    crosses: list(attribute(tag, 'crossingEdges')),
    lanes: [],
  };
}

function readLane(tag: XmlTag): SumoLane {
  return {
    id: need(tag, 'id'),
    use: laneUse(attribute(tag, 'allow'), attribute(tag, 'disallow')),
    speed: number(tag, 'speed'),
    width: attribute(tag, 'width') === undefined ? 3.2 : number(tag, 'width'),
    shape: need(tag, 'shape')
      .split(/\s+/)
      .flatMap((point) => point.split(',').slice(0, 2).map(Number)),
    opposite: false,
  };
}

function laneUse(allow: string | undefined, disallow: string | undefined): LaneUse {
  const allowed = list(allow);
  const denied = list(disallow);
  const permits = (kind: string): boolean =>
    allow !== undefined
      ? allowed.includes(kind) || allowed.includes('all')
      : !denied.includes(kind) && !denied.includes('all');
  if (permits('passenger')) return 'car';
  if (RESTRICTED.some(permits)) return 'restricted';
  if (RAIL.some(permits)) return 'rail';
  return permits('bicycle') ? 'bicycle' : 'foot';
}

function readConnection(tag: XmlTag): SumoConnection {
  return {
    from: need(tag, 'from'),
    to: need(tag, 'to'),
    fromLane: number(tag, 'fromLane'),
    toLane: number(tag, 'toLane'),
    via: attribute(tag, 'via') ?? '',
    tl: attribute(tag, 'tl') ?? '',
    linkIndex: attribute(tag, 'linkIndex') === undefined ? -1 : number(tag, 'linkIndex'),
    dir: attribute(tag, 'dir') ?? 's',
    state: attribute(tag, 'state') ?? 'M',
  };
}

function readJunction(tag: XmlTag): SumoJunction {
  return {
    id: need(tag, 'id'),
    type: attribute(tag, 'type') ?? '',
    x: number(tag, 'x'),
    y: number(tag, 'y'),
    internalLanes: list(attribute(tag, 'intLanes')),
    requests: [],
  };
}

function list(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(/\s+/).filter((word) => word !== '');
}

function need(tag: XmlTag, name: string): string {
  const value = attribute(tag, name);
  if (value === undefined)
    throw new MapFormatError(`SUMO network: <${tag.name}${tag.attributes.slice(0, 60)}> has no ${name}`);
  return value;
}

function number(tag: XmlTag, name: string): number {
  const value = Number(need(tag, name));
  if (!Number.isFinite(value))
    throw new MapFormatError(`SUMO network: <${tag.name}${tag.attributes.slice(0, 60)}>: ${name} is no number`);
  return value;
}
