import { Random } from '../random.ts';
import type { LaneNetwork } from './lane-network.ts';

/** Vehicle type under which people on foot are recorded. */
export const walker = 'walker';
/** Size seen from above, m, and usual pace, m/s. */
const body = 'vClass="pedestrian" length="0.5" width="0.5"';
const walkerTypes = [
  `<vType id="${walker}" ${body} maxSpeed="1.4" speedFactor="normc(1,0.15,0.6,1.6)"/>`,
  `<vType id="careless" ${body} maxSpeed="1.5" speedFactor="normc(1,0.15,0.6,1.6)" jmDriveAfterRedTime="1000" jmIgnoreFoeProb="1" impatience="1"/>`,
];
/** They set out and arrive this near to a junction, m. */
const near = 40;
/** They walk about so many of the largest junctions: there are the cars. */
const junctions = 40;
/** Share of those who walk whatever the signal shows and whoever comes. */
const careless = 0.2;
/** One in so many of the world's ordinary drivers does not heed people on crossings. */
const heedless = 6;
const heedlessType =
  '<vType id="heedless" vClass="passenger" length="4.6" width="1.8" accel="1.8" tau="1.3" carFollowModel="IDM" decel="2.2" emergencyDecel="8" speedFactor="normc(1.0,0.1,0.7,1.3)" jmCrossingGap="0" jmIgnoreJunctionFoeProb="1"/>';

/** Edges that have a pavement in `walked` and had none before: their lanes are counted from it. */
export function pavementsOf(before: LaneNetwork, walked: LaneNetwork): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { id, lanes, internal } of walked.edges.values())
    if (!internal && lanes > (before.edges.get(id)?.lanes ?? lanes)) found.add(id);
  return found;
}

/** A SUMO file made for the network without pavements, with the lanes counted from the pavement. */
export function withPavements(text: string, pavements: ReadonlySet<string>): string {
  return text.replace(/\blane="([^"]+)_(\d+)"/g, (_, edge: string, lane: string) =>
    pavements.has(edge) ? `lane="${edge}_${Number(lane) + 1}"` : `lane="${edge}_${lane}"`,
  );
}

/** A file of routes with one in six of the ordinary drivers not heeding people on crossings. */
export function withHeedlessDrivers(text: string): string {
  let ordinary = 0;
  return text.replace(/\btype="mix"/g, (type) => {
    ordinary += 1;
    return ordinary % heedless === 0 ? 'type="heedless"' : type;
  });
}

/**
 * Demand of `count` people on foot who set out between 0 and `end` s, each from one street to another, about
 * one of the largest junctions. Where all `behave`, nobody
 * is careless.
 */
export function walkersDemand(
  network: LaneNetwork,
  pavements: ReadonlySet<string>,
  count: number,
  end: number,
  seed: number,
  behave: boolean,
): string {
  const random = Random.of(seed, walker);
  const meeting = new Map<string, string[]>();
  for (const street of [...pavements].sort())
    for (const node of nodesOf(network, street)) meeting.set(node, [...(meeting.get(node) ?? []), street]);
  const lanesAt = (node: string): number =>
    (meeting.get(node) ?? []).reduce((sum, street) => sum + (network.edges.get(street)?.lanes ?? 0), 0);
  const largest = [...meeting.keys()].sort((a, b) => lanesAt(b) - lanesAt(a)).slice(0, junctions);
  const oneOf = (among: readonly string[]): string => among[Math.floor(random.uniform() * among.length)];
  const lines: string[] = [...walkerTypes, heedlessType];
  for (let i = 0; i < count; i += 1) {
    const node = oneOf(largest);
    const [from, to] = [oneOf(meeting.get(node) ?? []), oneOf(meeting.get(node) ?? [])];
    const type = !behave && random.uniform() < careless ? 'careless' : walker;
    const depart = ((end * i) / count).toFixed(1);
    const [departs, arrives] = [from, to].map((street) => placeNear(network, street, node, near * random.uniform()));
    lines.push(
      `<person id="walker${i}" type="${type}" depart="${depart}" departPos="${departs}"><walk from="${from}" to="${to}" arrivalPos="${arrives}"/></person>`,
    );
  }
  return `<routes>\n${lines.join('\n')}\n</routes>\n`;
}

function nodesOf(network: LaneNetwork, street: string): readonly string[] {
  const edge = network.edges.get(street);
  return edge === undefined ? [] : [edge.from, edge.to];
}

/** Position on the street so far from its end at the node, m. */
function placeNear(network: LaneNetwork, street: string, node: string, distance: number): string {
  const edge = network.edges.get(street);
  const length = edge?.length ?? 0;
  const away = Math.min(distance, length);
  return (edge?.to === node ? length - away : away).toFixed(1);
}
