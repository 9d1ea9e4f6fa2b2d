import { EdgeFlag } from '../roads/graph/index.ts';
import { filterStart, filterStep, lateralStep } from './filter.ts';
import { Matching } from './matching.ts';
import { planarStart, planarStep } from './planar-filter.ts';
import type { Scene } from './scene.ts';
import type { Tracks } from './tracks.ts';
import type { FleetView } from './types.ts';
import { assumedLength, assumedWidth, roadSideUnit } from './vehicle-flags.ts';

/** Position error assumed when none is sent, m. */
const defaultAccuracy = 1.5;
/** Share of the position error that is new with every fix; the rest wanders for a minute and does not average out (F9). */
const whiteShare = 0.2;
/** A vehicle that reports again after this is a new track, ms. */
const staleMs = 6000;
/** Faster than any road vehicle, m/s: what exceeds it by displacement is a teleport (F5). */
const impossibleSpeed = 90;

/** From a vehicle's message to its track: checks, match, filter, order on the edge, shared fleet (rules F, M, B). */
export class Intake {
  readonly matching: Matching;
  readonly counts = {
    updates: 0,
    badSlot: 0,
    badPosition: 0,
    badTime: 0,
    outOfOrder: 0,
    teleport: 0,
    gateRejected: 0,
    reinitialised: 0,
    unmatched: 0,
  };
  private readonly _scene: Scene;
  private readonly _fleet: FleetView;
  private readonly _forget: (slot: number) => void;
  private readonly _noteSpeedChange: (slot: number, change: number, dt: number) => void;

  /** `forget` is called when a slot passes to another vehicle, `noteSpeedChange` with every measured change of speed (H3). */
  constructor(
    scene: Scene,
    fleet: FleetView,
    forget: (slot: number) => void,
    noteSpeedChange: (slot: number, change: number, dt: number) => void,
  ) {
    this._scene = scene;
    this._fleet = fleet;
    this._forget = forget;
    this._noteSpeedChange = noteSpeedChange;
    this.matching = new Matching(scene.graph, scene.tracks.capacity);
  }

  /** Takes one state; true when it became the vehicle's newest. Units as in `CollisionEngine.update`. */
  accept(
    slot: number,
    generation: number,
    timestampMs: number,
    lat: number,
    lon: number,
    speed: number,
    headingDeg: number,
    accel: number,
    yawRate: number,
    accuracy: number,
    length: number,
    width: number,
    stationType: number,
    flags: number,
  ): boolean {
    const counts = this.counts;
    const t = this._scene.tracks;
    if (!(Number.isInteger(slot) && slot >= 0 && slot < t.capacity) || stationType === roadSideUnit) {
      counts.badSlot += 1;
      return false;
    }
    if (!(lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180)) {
      counts.badPosition += 1;
      return false;
    }
    if (!(timestampMs > 0 && timestampMs < 1e15)) {
      counts.badTime += 1;
      return false;
    }
    if (t.timeMs[slot] !== 0 && t.generation[slot] !== generation >>> 0) this._forget(slot);
    const plane = this._scene.plane;
    const x = plane.x(lon);
    const y = plane.y(lat);
    const sigma = accuracy > 0.1 && accuracy < 200 ? accuracy : defaultAccuracy;
    const v = speed >= 0 && speed < 120 ? speed : Number.NaN;
    const measuredAccel = accel > -30 && accel < 30 ? accel : Number.NaN;
    let heading = headingDeg >= -360 && headingDeg <= 720 ? (headingDeg * Math.PI) / 180 : Number.NaN;
    const dt = (timestampMs - t.timeMs[slot]) / 1000;
    if (t.timeMs[slot] !== 0 && dt <= 0) {
      counts.outOfOrder += 1;
      return false;
    }
    let fresh = t.timeMs[slot] === 0 || dt * 1000 > staleMs;
    if (!fresh) {
      const dx = x - t.x[slot];
      const dy = y - t.y[slot];
      const reach = impossibleSpeed * dt + 6 * sigma;
      if (dx * dx + dy * dy > reach * reach) {
        counts.teleport += 1;
        t.rejections[slot] += 1;
        if (t.rejections[slot] < 3) return false;
        t.rejections[slot] = 0;
        fresh = true;
      }
    }
    if (fresh && t.fixes[slot] > 0) {
      counts.reinitialised += 1;
      this.matching.reset(slot);
      this._scene.order.remove(slot);
      t.fixes[slot] = 0;
      t.edge[slot] = -1;
      t.crashMs[slot] = 0;
    }
    counts.updates += 1;
    t.generation[slot] = generation;
    t.stated[slot] = accuracy > 0 ? 1 : 0;
    t.stationType[slot] = stationType;
    t.flags[slot] = flags;
    t.length[slot] = length > 0.2 && length < 40 ? length : assumedLength(stationType);
    t.width[slot] = width > 0.2 && width < 5 ? width : assumedWidth(stationType);
    let hx = !Number.isNaN(heading) ? Math.sin(heading) : Number.NaN;
    let hy = !Number.isNaN(heading) ? Math.cos(heading) : Number.NaN;
    if (Number.isNaN(hx) && !fresh) {
      const dx = x - t.x[slot];
      const dy = y - t.y[slot];
      const moved = Math.sqrt(dx * dx + dy * dy);
      if (moved > 3 * sigma && moved > 2) {
        hx = dx / moved;
        hy = dy / moved;
      } else if (t.hx[slot] !== 0 || t.hy[slot] !== 0) {
        hx = t.hx[slot];
        hy = t.hy[slot];
      }
      if (!Number.isNaN(hx)) heading = Math.atan2(hx, hy);
    }
    t.yawRate[slot] = yawRate > -5 && yawRate < 5 ? yawRate : fresh ? 0 : turnRate(t, slot, hx, hy, dt);
    const m = this.matching;
    m.match(slot, x, y, heading, v, sigma, timestampMs);
    const before = t.edge[slot];
    const vBefore = t.v[slot];
    const sign = m.against === 1 ? -1 : 1;
    if (m.edge < 0) counts.unmatched += 1;
    const travelled =
      fresh || m.edge < 0 || before < 0 ? Number.NaN : this._travelled(before, t.s[slot], m.edge, m.s, sign);
    const variance = whiteShare * sigma * (whiteShare * sigma);
    if (m.edge < 0) {
      const speedNow = Number.isNaN(v) && !fresh ? vBefore : v;
      this._offMap(slot, dt, x, y, speedNow, hx, hy, variance, measuredAccel, fresh || before >= 0);
      t.dSigma[slot] = lateralDoubt(accuracy, sigma, t.dNoise[slot]);
      if (fresh) t.dNoise[slot] = 0.3 * sigma;
    } else if (Number.isNaN(travelled)) {
      filterStart(t, slot, m.s, variance, !Number.isNaN(v) ? v : fresh ? Number.NaN : vBefore, measuredAccel);
      if (!fresh && dt < 3 && !Number.isNaN(v) && Number.isNaN(measuredAccel)) t.a[slot] = (v - vBefore) / dt;
      t.d[slot] = m.lateral;
      t.dRate[slot] = 0;
      t.dSigma[slot] = lateralDoubt(accuracy, sigma, t.dNoise[slot]);
      if (fresh) t.dNoise[slot] = 0.3 * sigma;
    } else {
      // The filter works on the distance from the last place; afterwards s is put on the new edge.
      const origin = m.s - sign * travelled;
      t.s[slot] = 0;
      if (!filterStep(t, slot, dt, travelled, variance, v, measuredAccel)) {
        counts.gateRejected += 1;
        t.rejections[slot] += 1;
        if (t.rejections[slot] >= 3) {
          filterStart(t, slot, travelled, variance, v, measuredAccel);
          t.rejections[slot] = 0;
        }
      } else t.rejections[slot] = 0;
      t.s[slot] = origin + sign * t.s[slot];
      t.dSigma[slot] = lateralDoubt(accuracy, sigma, t.dNoise[slot]);
      // Centre lines of consecutive edges may lie beside each other: the drift carries over the join, the offset does not.
      if (before === m.edge) lateralStep(t, slot, dt, m.lateral, 0.5 * sigma);
      else t.d[slot] = m.lateral;
    }
    t.period[slot] = fresh ? 1 : 0.7 * t.period[slot] + 0.3 * Math.min(dt, 3);
    if (m.edge >= 0) {
      t.x[slot] = x;
      t.y[slot] = y;
    }
    if (!Number.isNaN(hx)) {
      t.hx[slot] = hx;
      t.hy[slot] = hy;
    }
    t.timeMs[slot] = timestampMs;
    t.fixes[slot] += 1;
    t.confidence[slot] = m.confidence;
    t.against[slot] = m.against;
    if (m.edge !== before) {
      t.previousEdge[slot] = before;
      if (before >= 0 && m.edge >= 0) this._learn(before, m.edge);
    }
    t.edge[slot] = m.edge;
    if (!fresh && !Number.isNaN(v)) this._noteSpeedChange(slot, v - vBefore, dt);
    this._scene.order.place(slot, m.edge);
    this._publish(slot, lat, lon, heading);
    return true;
  }

  /** F11: the state of one who is on no edge; `anew` = nothing before it can be carried on. */
  private _offMap(
    slot: number,
    dt: number,
    x: number,
    y: number,
    speed: number,
    hx: number,
    hy: number,
    variance: number,
    accel: number,
    anew: boolean,
  ): void {
    const t = this._scene.tracks;
    const vx = speed * hx;
    const vy = speed * hy;
    const vBefore = t.v[slot];
    t.d[slot] = 0;
    t.dRate[slot] = 0;
    let start = anew;
    if (!anew) {
      if (planarStep(t, slot, dt, x, y, vx, vy, variance)) t.rejections[slot] = 0;
      else {
        this.counts.gateRejected += 1;
        t.rejections[slot] += 1;
        start = t.rejections[slot] >= 3;
      }
    }
    if (start) {
      planarStart(t, slot, x, y, vx, vy, variance);
      t.rejections[slot] = 0;
    }
    if (Number.isNaN(hx) && !Number.isNaN(speed)) t.v[slot] = speed;
    t.a[slot] = !Number.isNaN(accel) ? accel : anew || dt >= 3 ? 0 : (t.v[slot] - vBefore) / dt;
  }

  /** Path metres from (edge, s) to (next, sNext) within three joins, NaN when there is no such path. */
  private _travelled(edge: number, s: number, next: number, sNext: number, sign: number): number {
    if (edge === next) return (sNext - s) * sign;
    const { turnStart, turnTo, edgeLength } = this._scene.graph;
    const from = sign > 0 ? edge : next;
    const to = sign > 0 ? next : edge;
    const rest = sign > 0 ? edgeLength[edge] - s + sNext : edgeLength[next] - sNext + s;
    for (let i = turnStart[from]; i < turnStart[from + 1]; i += 1) {
      const a = turnTo[i];
      if (a === to) return rest;
      for (let j = turnStart[a]; j < turnStart[a + 1]; j += 1) {
        const b = turnTo[j];
        if (b === to) return rest + edgeLength[a];
        for (let k = turnStart[b]; k < turnStart[b + 1]; k += 1)
          if (turnTo[k] === to) return rest + edgeLength[a] + edgeLength[b];
      }
    }
    return Number.NaN;
  }

  /** Counts the turn taken between two matched edges (P4). */
  private _learn(before: number, now: number): void {
    const { turnStart, turnTo, edgeFlags } = this._scene.graph;
    for (let k = turnStart[before]; k < turnStart[before + 1]; k += 1) {
      if (turnTo[k] === now) {
        this._scene.turns.count(before, k);
        return;
      }
      const via = turnTo[k];
      if ((edgeFlags[via] & EdgeFlag.internal) === 0) continue;
      for (let j = turnStart[via]; j < turnStart[via + 1]; j += 1)
        if (turnTo[j] === now) {
          this._scene.turns.count(before, k);
          return;
        }
    }
  }

  private _publish(slot: number, lat: number, lon: number, heading: number): void {
    const f = this._fleet;
    const t = this._scene.tracks;
    Atomics.add(f.sequence, slot, 1);
    f.generation[slot] = t.generation[slot];
    f.timestampMs[slot] = t.timeMs[slot];
    f.lat[slot] = lat;
    f.lon[slot] = lon;
    f.speed[slot] = t.v[slot];
    if (!Number.isNaN(heading)) {
      const deg = (heading * 180) / Math.PI;
      f.headingDeg[slot] = deg < 0 ? deg + 360 : deg >= 360 ? deg - 360 : deg;
    } else if (t.fixes[slot] === 1) f.headingDeg[slot] = 0;
    f.accel[slot] = t.a[slot];
    f.edge[slot] = t.edge[slot];
    f.offset[slot] = t.s[slot];
    f.lateral[slot] = t.d[slot];
    f.matchConfidence[slot] = t.confidence[slot];
    f.length[slot] = t.length[slot];
    f.width[slot] = t.width[slot];
    f.stationType[slot] = t.stationType[slot];
    f.flags[slot] = t.flags[slot];
    Atomics.add(f.sequence, slot, 1);
  }
}

/** Turn rate, rad/s, left positive, from headings `dt` s apart, smoothed; 0 where they say nothing (F8). */
function turnRate(t: Tracks, slot: number, hx: number, hy: number, dt: number): number {
  if (Number.isNaN(hx) || dt > 1.5 || t.v[slot] < 1) return 0;
  const sin = t.hx[slot] * hy - t.hy[slot] * hx;
  const rate = Math.asin(Math.max(-1, Math.min(sin, 1))) / dt;
  const gain = Math.min(1, 2 * dt);
  const smoothed = t.yawRate[slot] + gain * (rate - t.yawRate[slot]);
  return Math.max(-2, Math.min(smoothed, 2));
}

/**
 * 1-sigma of the lateral position, m (F7): what the receiver says of itself; else read off its visible noise, because a receiver that jitters
 * by half a metre wanders by metres, and one that does not is better than ordinary.
 */
function lateralDoubt(accuracy: number, sigma: number, noise: number): number {
  if (accuracy > 0) return sigma;
  const inferred = 5 * noise;
  return inferred < 0.15 ? 0.15 : Math.min(inferred, 5);
}
