import { filterStart, filterStep, lateralStep } from './filter.ts';
import { Matching } from './matching.ts';
import { noteAcceleration } from './mean-acceleration.ts';
import { Message, messageNumbers } from './message.ts';
import { planarStart, planarStep } from './planar-filter.ts';
import { Plausibility } from './plausibility.ts';
import type { Scene } from './scene.ts';
import type { FleetView } from './types.ts';
import { assumedLength, assumedWidth, isPedestrian, roadSideUnit } from './vehicle-flags.ts';

/** Position error assumed when none is sent, and the least that is believed: what maps are wrong by, m. */
const defaultAccuracy = 1.5;
const leastAccuracy = 0.1;
/** Share of the position error that is new with every fix; the rest wanders for a minute and does not average out (F9). */
const whiteShare = 0.2;
/** Change of speed that may be news to anybody, m/s. */
const leastNews = -1;
/** A vehicle that reports again after this is a new track, ms. */
const staleMs = 6000;
/** Faster than any road vehicle, m/s: what exceeds it by displacement is a teleport (F5). */
const impossibleSpeed = 90;

/** From a vehicle's message to its track: checks, match, filter, order on the edge, shared fleet (rules F, M, B). */
export class Intake {
  readonly matching: Matching;
  readonly message = new Float64Array(messageNumbers);
  readonly plausibility: Plausibility;
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

  /** `forget` is called when a slot passes to another vehicle, `noteSpeedChange` with every measured loss of speed (H3). */
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
    this.plausibility = new Plausibility(scene.tracks);
    this.matching = new Matching(scene.graph, scene.tracks.capacity);
  }

  /** Takes the state written to `message`; true when it became the vehicle's newest. */
  accept(slot: number): boolean {
    const { message } = this;
    const timestampMs = message[Message.timestampMs];
    const lat = message[Message.lat];
    const lon = message[Message.lon];
    const accel = message[Message.accel];
    const yawRate = message[Message.yawRate];
    const accuracy = message[Message.accuracy];
    const length = message[Message.length];
    const width = message[Message.width];
    const stationType = message[Message.stationType];
    const generation = message[Message.generation];
    const speed = message[Message.speed];
    const headingDeg = message[Message.headingDeg];
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
    const sigma = accuracy > 0 && accuracy < 200 ? Math.max(accuracy, leastAccuracy) : defaultAccuracy;
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
        this.plausibility.jumped(slot, message);
      }
    }
    message[Message.dt] = dt;
    if (!fresh && x === t.x[slot] && y === t.y[slot]) this.plausibility.still(slot, message);
    this.plausibility.check(slot, !fresh, message);
    if (fresh && t.fixes[slot] > 0) {
      counts.reinitialised += 1;
      this.matching.reset(slot);
      this._scene.order.remove(slot);
      t.fixes[slot] = 0;
      t.edge[slot] = -1;
      t.suddenMs[slot] = 0;
      t.crashMs[slot] = 0;
    }
    counts.updates += 1;
    t.generation[slot] = generation;
    t.stated[slot] = accuracy > 0 ? 1 : 0;
    t.stationType[slot] = stationType;
    t.flags[slot] = message[Message.flags];
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
    message[Message.hx] = hx;
    message[Message.hy] = hy;
    message[Message.heading] = heading;
    message[Message.dt] = dt;
    if (yawRate > -5 && yawRate < 5) t.yawRate[slot] = yawRate;
    else if (fresh) t.yawRate[slot] = 0;
    else this._turn(slot);
    message[Message.x] = x;
    message[Message.y] = y;
    message[Message.sigma] = sigma;
    message[Message.speed] = v;
    message[Message.accel] = measuredAccel;
    this._match(slot);
    const before = t.edge[slot];
    const m = this.matching;
    if (m.edge < 0) counts.unmatched += 1;
    message[Message.travelled] = Number.NaN;
    // Who walks across the road does not come along it (F3).
    if (!fresh && m.edge >= 0 && before >= 0 && !isPedestrian(stationType)) this._travel(slot, before);
    const vBefore = t.v[slot];
    this._scene.laneBelief.correct(slot, before, m, message, t);
    message[Message.speedBefore] = vBefore;
    message[Message.accelBefore] = t.a[slot];
    this._track(slot, fresh, before);
    noteAcceleration(t, slot, fresh, message);
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
    if (m.edge !== before) t.previousEdge[slot] = before;
    t.edge[slot] = m.edge;
    const change = fresh ? 0 : v - vBefore;
    if (change < leastNews) this._noteSpeedChange(slot, change, dt);
    this._scene.order.place(slot, t.hidden[slot] === 0 ? m.edge : -1);
    this._publish(slot);
    return true;
  }

  private _match(slot: number): void {
    const { message } = this;
    this.matching.match(
      slot,
      message[Message.x],
      message[Message.y],
      message[Message.heading],
      message[Message.speed],
      message[Message.sigma],
      message[Message.timestampMs],
    );
  }

  /** The filter that fits: along the edge, begun anew, or in the plane. `before` is the edge of the last state. */
  private _track(slot: number, fresh: boolean, before: number): void {
    const { message, counts, matching: m } = this;
    const t = this._scene.tracks;
    const v = message[Message.speed];
    const accel = message[Message.accel];
    const sigma = message[Message.sigma];
    const travelled = message[Message.travelled];
    const dt = message[Message.dt];
    const vBefore = t.v[slot];
    const variance = whiteShare * sigma * (whiteShare * sigma);
    if (m.edge < 0) {
      this._offMap(slot, variance, fresh || before >= 0);
      this._doubt(slot);
      if (fresh) t.dNoise[slot] = 0.3 * sigma;
    } else if (Number.isNaN(travelled)) {
      filterStart(t, slot, m.s, variance, !Number.isNaN(v) ? v : fresh ? Number.NaN : vBefore, accel);
      if (!fresh && dt < 3 && !Number.isNaN(v) && Number.isNaN(accel)) t.a[slot] = (v - vBefore) / dt;
      t.d[slot] = m.lateral;
      t.dRate[slot] = 0;
      t.dPush[slot] = 0;
      this._doubt(slot);
      if (fresh) t.dNoise[slot] = 0.3 * sigma;
    } else {
      // The filter works on the distance from the last place; afterwards s is put on the new edge.
      const sign = m.against === 1 ? -1 : 1;
      const origin = m.s - sign * travelled;
      t.s[slot] = 0;
      if (!filterStep(t, slot, dt, travelled, variance, v, accel)) {
        counts.gateRejected += 1;
        t.rejections[slot] += 1;
        if (t.rejections[slot] >= 3) {
          filterStart(t, slot, travelled, variance, v, accel);
          t.rejections[slot] = 0;
        }
      } else t.rejections[slot] = 0;
      t.s[slot] = origin + sign * t.s[slot];
      this._doubt(slot);
      // Centre lines of consecutive edges may lie beside each other: the drift carries over the join, the offset does not.
      if (before === m.edge) lateralStep(t, slot, dt, m.lateral, 0.5 * sigma);
      else t.d[slot] = m.lateral;
    }
  }

  /**
   * 1-sigma of the lateral position, m (F7): what the receiver says of itself; else read off its visible noise, because a receiver that
   * jitters by half a metre wanders by metres, and one that does not is better than ordinary.
   */
  private _doubt(slot: number): void {
    const t = this._scene.tracks;
    const inferred = 5 * t.dNoise[slot];
    if (this.message[Message.accuracy] > 0) {
      t.sSigma[slot] = this.message[Message.sigma];
      t.dSigma[slot] = this.matching.edge < 0 ? t.sSigma[slot] : this._scene.laneBelief.error[1];
    } else {
      t.dSigma[slot] = inferred < 0.15 ? 0.15 : Math.min(inferred, 5);
      t.sSigma[slot] = t.dSigma[slot];
    }
  }

  /** F11: the state of one who is on no edge; `anew` = nothing before it can be carried on. */
  private _offMap(slot: number, variance: number, anew: boolean): void {
    const { message } = this;
    const x = message[Message.x];
    const y = message[Message.y];
    const hx = message[Message.hx];
    const hy = message[Message.hy];
    const dt = message[Message.dt];
    const accel = message[Message.accel];
    const t = this._scene.tracks;
    const vBefore = t.v[slot];
    const known = t.fixes[slot] > 0 && Number.isNaN(message[Message.speed]);
    const speed = known ? vBefore : message[Message.speed];
    const vx = speed * hx;
    const vy = speed * hy;
    t.d[slot] = 0;
    t.dRate[slot] = 0;
    t.dPush[slot] = 0;
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

  /** Path metres from the track's place on `edge` to the matched one within three joins, into `message`; NaN when there is no such path. */
  private _travel(slot: number, edge: number): void {
    const { turnStart, turnTo, edgeLength } = this._scene.graph;
    const { message, matching } = this;
    const s = this._scene.tracks.s[slot];
    const next = matching.edge;
    const onward = matching.against === 0;
    if (edge === next) {
      message[Message.travelled] = onward ? matching.s - s : -(matching.s - s);
      return;
    }
    const from = onward ? edge : next;
    const to = onward ? next : edge;
    const rest = onward ? edgeLength[edge] - s + matching.s : edgeLength[next] - matching.s + s;
    for (let i = turnStart[from]; i < turnStart[from + 1]; i += 1) {
      const a = turnTo[i];
      if (a === to) message[Message.travelled] = rest;
      if (a === to) return;
      for (let j = turnStart[a]; j < turnStart[a + 1]; j += 1) {
        const b = turnTo[j];
        if (b === to) message[Message.travelled] = rest + edgeLength[a];
        if (b === to) return;
        for (let k = turnStart[b]; k < turnStart[b + 1]; k += 1) {
          if (turnTo[k] !== to) continue;
          message[Message.travelled] = rest + edgeLength[a] + edgeLength[b];
          return;
        }
      }
    }
  }

  /** Turn rate, rad/s, left positive, from headings some time apart, smoothed; 0 where they say nothing (F8). */
  private _turn(slot: number): void {
    const t = this._scene.tracks;
    const { message } = this;
    const hx = message[Message.hx];
    const dt = message[Message.dt];
    if (Number.isNaN(hx) || dt > 1.5 || t.v[slot] < 1) {
      t.yawRate[slot] = 0;
      return;
    }
    const sin = t.hx[slot] * message[Message.hy] - t.hy[slot] * hx;
    const rate = Math.asin(Math.max(-1, Math.min(sin, 1))) / dt;
    const gain = Math.min(1, 2 * dt);
    const smoothed = t.yawRate[slot] + gain * (rate - t.yawRate[slot]);
    t.yawRate[slot] = Math.max(-2, Math.min(smoothed, 2));
  }

  private _publish(slot: number): void {
    const f = this._fleet;
    const { message } = this;
    const heading = message[Message.heading];
    const t = this._scene.tracks;
    Atomics.add(f.sequence, slot, 1);
    f.generation[slot] = t.generation[slot];
    f.timestampMs[slot] = t.timeMs[slot];
    f.lat[slot] = message[Message.lat];
    f.lon[slot] = message[Message.lon];
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
