import type { LaneEdge, LaneNetwork } from '../../evaluation/recorder/lane-network.ts';
import { edgeId } from '../../evaluation/recorder/lane-network.ts';
import { type Traffic, TrafficBuilder } from '../../evaluation/recorder/traffic.ts';

/** A made-up vehicle: where it is (m), its heading (degrees) and lane in each step from `from` on; undefined = not on the road. */
export interface Actor {
  readonly id: string;
  readonly type?: string;
  readonly at: (step: number) => Partial<Placed> | undefined;
}
interface Placed {
  readonly x: number;
  readonly y: number;
  readonly speed: number;
  readonly heading: number;
  readonly lane: string;
  readonly pos: number;
}

const metresPerDegree = 1e5;
/** A plane of its own, so that places are exact. */
export const flatProjection = {
  toLatLon: (x: number, y: number): [number, number] => [y / metresPerDegree, x / metresPerDegree],
  toNet: (lat: number, lon: number): [number, number] => [lon * metresPerDegree, lat * metresPerDegree],
};

/** Cars of 5 by 2 m on made-up tracks. */
export function madeUpTraffic(steps: number, actors: readonly Actor[]): Traffic {
  const size = { length: 5, width: 2 };
  const sizes = new Map(['car', 'inatt', 'viol', 'slow', 'ccar'].map((type) => [type, size]));
  const builder = new TrafficBuilder(flatProjection, sizes);
  for (let step = 0; step < steps; step += 1) {
    for (const actor of actors) {
      const placed = actor.at(step);
      if (placed === undefined) continue;
      const { x = 0, y = 0, speed = 0, heading = 0, lane = 'road_0', pos = y } = placed;
      const [lat, lon] = flatProjection.toLatLon(x, y);
      builder.add(actor.id, actor.type ?? 'car', {
        lat,
        lon,
        speed,
        accel: 0,
        headingDeg: heading,
        lane,
        pos,
        signals: 0,
      });
    }
    builder.endStep();
  }
  return builder.finish();
}

/** `road` runs north and goes on through `:node` into `beyond`; limit 20 m/s. */
export function madeUpNetwork(): LaneNetwork {
  const edge = (id: string, length: number, next: LaneEdge['next']): [string, LaneEdge] => [
    id,
    { id, from: '', to: '', length, speed: 20, lanes: 1, internal: id.startsWith(':'), next },
  ];
  const edges = new Map([
    edge('road', 1000, [{ edge: 'beyond', via: ':node_0', straight: true }]),
    edge(':node_0', 10, [{ edge: 'beyond', via: '', straight: true }]),
    edge('beyond', 1000, []),
  ]);
  return { edges, limit: () => 20, shape: () => [], edgeOf: (lane) => edges.get(edgeId(lane)) };
}
