import { type Plane, planeOf, type RoadGraph } from '../../roads/graph/index.ts';
import type { Random } from '../random.ts';
import { type ActorPath, actorPath, pathPoint } from '../scenarios/actor-path.ts';
import { forwardPieces } from '../scenarios/stretch.ts';
import { cityCore } from '../traffic/drivable.ts';
import { RouteChoice } from '../traffic/route-choice.ts';
import { SpeedProfiles } from '../traffic/speed-profile.ts';

/** Leaders drive at this speed, m/s; the gap behind each swings about a mean with this amplitude, m, and period, s. */
const leaderSpeed = 14;
const meanGap = 48;
const amplitude = 40;
const period = 20;
const carLength = 4.4;
const carWidth = 1.8;
const loops = 12;
const p = new Float64Array(2);
const q = new Float64Array(2);

/**
 * Vehicles in pairs on closed ways over the map. Each follower falls back and closes in again so fast (up to 12.6 m/s at 48 m)
 * that it must be warned every 20 s, without ever touching: a load under which warnings flow all the time.
 */
export class Convoys {
  readonly #plane: Plane;
  readonly #paths: readonly ActorPath[];
  readonly #count: number;

  /** @throws Error when the map has no closed way. */
  constructor(graph: RoadGraph, vehicles: number, random: Random) {
    this.#plane = planeOf(graph);
    this.#count = vehicles;
    const routes = new RouteChoice(graph, cityCore(graph, Math.max(20_000, vehicles * 60)), random);
    const profiles = new SpeedProfiles(graph);
    const paths: ActorPath[] = [];
    for (let i = 0; i < 4 * loops && paths.length < loops; i++) {
      const loop = routes.busLoop();
      if (loop !== undefined) paths.push(actorPath(graph, profiles, forwardPieces(graph, loop.route.slice(0, -1)), 1));
    }
    if (paths.length === 0) throw new Error('the map has no closed way to drive on');
    this.#paths = paths;
  }

  /** Telemetry of vehicle `n` at `seconds` of the load, UTC `timestampMs`, as JSON. */
  message(n: number, seconds: number, timestampMs: number): string {
    const pair = n >> 1;
    const path = this.#paths[pair % this.#paths.length];
    const pairsOnPath = Math.ceil(this.#count / 2 / this.#paths.length);
    const start = (Math.floor(pair / this.#paths.length) * path.length) / pairsOnPath;
    const phase = pair * 2.4;
    const swing = (2 * Math.PI) / period;
    let s = start + leaderSpeed * seconds;
    let speed = leaderSpeed;
    let accel = 0;
    if ((n & 1) === 1) {
      const at = swing * seconds + phase;
      s -= carLength + meanGap + amplitude * Math.cos(at);
      speed += amplitude * swing * Math.sin(at);
      accel = amplitude * swing * swing * Math.cos(at);
    }
    const along = ((s % path.length) + path.length) % path.length;
    pathPoint(path, along, p);
    pathPoint(path, along + 1, q);
    const heading = (Math.atan2(q[0] - p[0], q[1] - p[1]) * 180) / Math.PI;
    const lat = this.#plane.lat(p[1]).toFixed(7);
    const lon = this.#plane.lon(p[0]).toFixed(7);
    return `{"ts":${timestampMs},"lat":${lat},"lon":${lon},"speed":${speed.toFixed(2)},"heading":${((heading + 360) % 360).toFixed(1)},"accel":${accel.toFixed(2)},"accuracy":0.8,"length":${carLength},"width":${carWidth},"type":5}`;
  }
}
