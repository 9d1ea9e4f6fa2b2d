import { boxesOverlap } from '../../collision/index.ts';
import type { NcapScene } from './ncap-parameters.ts';

/** A road user's motion: middle of the front, unit heading, speed and acceleration at t seconds; x east, y north, m. */
export interface Mover {
  readonly length: number;
  readonly width: number;
  readonly stationType: number;
  /** Moves against its heading. */
  readonly reverses?: true;
  readonly at: (t: number) => { x: number; y: number; hx: number; hy: number; v: number; a: number };
}

export interface Kinematics {
  readonly ego: Mover;
  readonly target: Mover;
  /** Seconds to play at most. */
  readonly duration: number;
  /** 'straight': along x, lanes 3.5 m wide, the car's at y = -1.75; 'crossing': four arms of 250 m about the origin. */
  readonly road: 'straight' | 'crossing';
}

/** Bodies of the protocol, m (length, width), and ETSI station types. */
const car = { length: 4.358, width: 1.815, stationType: 5 };
const targetCar = { length: 4.023, width: 1.712, stationType: 5 };
const motorcycle = { length: 2.08, width: 0.79, stationType: 4 };
const bicycle = { length: 1.89, width: 0.5, stationType: 2 };
const adult = { length: 0.6, width: 0.5, stationType: 1 };
const child = { length: 0.711, width: 0.298, stationType: 1 };

const lane = 3.5;
const kmh = 1 / 3.6;
/** The car begins to be heard this long before the meeting, s. */
const lead = 9;

/** Along a straight line from (x, y) at t = 0, `way(t)` metres on. */
function straight(
  body: typeof car,
  x: number,
  y: number,
  hx: number,
  hy: number,
  way: (t: number) => number,
  v: (t: number) => number,
  a: (t: number) => number = () => 0,
): Mover {
  return { ...body, at: (t) => ({ x: x + hx * way(t), y: y + hy * way(t), hx, hy, v: v(t), a: a(t) }) };
}

function steady(body: typeof car, x: number, y: number, hx: number, hy: number, v: number): Mover {
  return straight(
    body,
    x,
    y,
    hx,
    hy,
    (t) => v * t,
    () => v,
  );
}

/** Standing, then from `start` on speeding up over `ramp` metres to v. */
function setOff(
  body: typeof car,
  x: number,
  y: number,
  hx: number,
  hy: number,
  v: number,
  ramp: number,
  start: number,
): Mover {
  const a = ramp > 0 ? (v * v) / (2 * ramp) : Number.POSITIVE_INFINITY;
  const rampTime = ramp > 0 ? v / a : 0;
  const since = (t: number): number => Math.max(0, t - start);
  return straight(
    body,
    x,
    y,
    hx,
    hy,
    (t) => (since(t) < rampTime ? 0.5 * a * since(t) ** 2 : since(t) > 0 ? ramp + v * (since(t) - rampTime) : 0),
    (t) => (since(t) < rampTime ? a * since(t) : since(t) > 0 ? v : 0),
    (t) => (since(t) > 0 && since(t) < rampTime ? a : 0),
  );
}

/** Protocol: lateral place of the target from the share of the car's width that overlaps it. */
function offsetOf(overlap: number): number {
  if (Math.abs(overlap) >= 100) return 0;
  return Math.sign(overlap) * (targetCar.width / 2 - car.width * ((Math.abs(overlap) - 50) / 100));
}

function carToRear(scene: NcapScene): Kinematics {
  const v = scene.value('Ego_speed_kph') * kmh;
  const vt = scene.value('GVT_init_speed_kph') * kmh;
  const y = -lane / 2 + offsetOf(scene.value('Overlap'));
  const ego = steady(car, 0, -lane / 2, 1, 0, v);
  if (scene.id.startsWith('CCRb')) {
    const decel = scene.value('GVT_deceleration');
    const last = scene.value('GVT_final_speed_kph') * kmh;
    const begin = 8;
    const x0 = scene.value('GVT_headway') + targetCar.length;
    const stop = (vt - last) / decel;
    const target = straight(
      targetCar,
      x0,
      y,
      1,
      0,
      (t) => {
        const u = Math.min(stop, Math.max(0, t - begin));
        return vt * Math.min(t, begin) + vt * u - 0.5 * decel * u * u + last * Math.max(0, t - begin - stop);
      },
      (t) => vt - decel * Math.min(stop, Math.max(0, t - begin)),
      (t) => (t > begin && t < begin + stop ? -decel : 0),
    );
    return { ego, target, duration: begin + stop + 10, road: 'straight' };
  }
  const meet = Math.max(lead, 5 + v / 3);
  const target = steady(targetCar, (v - vt) * meet + targetCar.length, y, 1, 0, vt);
  return { ego, target, duration: meet + 1, road: 'straight' };
}

function headOn(scene: NcapScene): Kinematics {
  const v = scene.value('Ego_speed_kph') * kmh;
  const ego = steady(car, 0, -lane / 2, 1, 0, v);
  const meet = lead;
  if (!scene.id.startsWith('CCFhol'))
    return { ego, target: steady(targetCar, 2 * v * meet, -lane / 2, -1, 0, v), duration: meet + 1, road: 'straight' };
  // The target comes over from its own lane and is straight again 1.5 s before they would meet.
  const change = scene.value('Trajectory_laneChangeDistance') / v;
  const end = meet - 1.5;
  const share = (t: number): number => Math.min(1, Math.max(0, (t - end + change) / change));
  const y = (t: number): number => lane / 2 - lane * share(t) ** 2 * (3 - 2 * share(t));
  const target: Mover = {
    ...targetCar,
    at: (t) => {
      const vy = (y(t + 0.01) - y(t - 0.01)) / 0.02;
      const norm = Math.hypot(v, vy);
      return { x: 2 * v * meet - v * t, y: y(t), hx: -v / norm, hy: vy / norm, v, a: 0 };
    },
  };
  return { ego, target, duration: meet + 1, road: 'straight' };
}

/** Left (1) or right (-1) turn of the protocol from the west arm: straight, clothoid, arc, clothoid, straight. */
function turning(scene: NcapScene, direction: 1 | -1, arrive: number): Mover {
  const v = scene.value('Ego_speed_kph') * kmh;
  const k1 = 1 / scene.value('Trajectory_R1');
  const k2 = 1 / scene.value('Trajectory_R2');
  const alpha = (scene.value('Trajectory_alpha') * Math.PI) / 180;
  const beta = (scene.value('Trajectory_beta') * Math.PI) / 180;
  const clothoid = (2 * alpha) / (k1 + k2);
  const arc = beta / k2;
  const curvature = (s: number): number => {
    if (s < 0 || s > 2 * clothoid + arc) return 0;
    if (s < clothoid) return k1 + ((k2 - k1) * s) / clothoid;
    if (s < clothoid + arc) return k2;
    return k2 - ((k2 - k1) * (s - clothoid - arc)) / clothoid;
  };
  const step = 0.02;
  const points: [number, number, number][] = [[0, 0, 0]];
  for (let s = 0; s < 2 * clothoid + arc; s += step) {
    const [x, y, h] = points[points.length - 1];
    const turn = h + direction * curvature(s + step / 2) * step;
    points.push([x + step * Math.cos((h + turn) / 2), y + step * Math.sin((h + turn) / 2), turn]);
  }
  const [reach] = points[points.length - 1];
  // The turn ends in the middle of the exit lane: left of it going north, right of it going south.
  const x0 = (direction * lane) / 2 - reach;
  const total = (points.length - 1) * step;
  const begin = arrive - total / v;
  return {
    ...car,
    at: (t) => {
      const s = (t - begin) * v;
      if (s <= 0) return { x: x0 + s, y: -lane / 2, hx: 1, hy: 0, v, a: 0 };
      const [x, y, h] = points[Math.min(points.length - 1, Math.floor(s / step))];
      const beyond = Math.max(0, s - total);
      return {
        x: x0 + x + beyond * Math.cos(h),
        y: y - lane / 2 + beyond * Math.sin(h),
        hx: Math.cos(h),
        hy: Math.sin(h),
        v,
        a: 0,
      };
    },
  };
}

function turnAcross(scene: NcapScene): Kinematics {
  const ego = turning(scene, 1, lead + 2);
  const v = scene.value('Target_finalSpeed_kph') * kmh;
  const body = scene.id.startsWith('CM') ? motorcycle : targetCar;
  // Both fronts are on the oncoming lane's middle at once.
  let meet = 0;
  for (let t = 0; t < lead + 2; t += 0.005) if (ego.at(t).y <= lane / 2) meet = t;
  const target = steady(body, ego.at(meet).x + v * meet, lane / 2, -1, 0, v);
  return { ego, target, duration: meet + 2, road: 'crossing' };
}

function crossingUser(scene: NcapScene): Kinematics {
  const v = scene.value('Ego_speed_kph') * kmh;
  const bike = scene.id.startsWith('CB');
  const body = bike ? bicycle : scene.id.startsWith('CPNC') ? child : adult;
  const u = scene.value('VRU_finalSpeed_kph') * kmh;
  const nearside = bike ? !scene.id.startsWith('CBFA') : scene.value('VRU_trajectoryOrientation') === 1;
  const direction = nearside ? 1 : -1;
  const overlap = bike ? 50 : scene.value('Overlap');
  const meet = lead;
  const ramp = bike ? 7 : scene.value('VRU_accelerationDist');
  const from = bike ? scene.value('VRU_steadyStateDist') + ramp : scene.value('VRU_initLatDist');
  // Where the front of the one who crosses is when the car's front comes to his side.
  const impact = -lane / 2 + direction * car.width * (overlap / 100 - 0.5);
  const y0 = -lane / 2 - direction * from;
  const way = Math.abs(impact - y0);
  const start = meet - (way - ramp) / u - (2 * ramp) / u;
  const x = v * meet + body.width / 2;
  return {
    ego: steady(car, 0, -lane / 2, 1, 0, v),
    target: setOff(body, x, y0, 0, direction, u, ramp, start),
    duration: meet + 1.5,
    road: 'straight',
  };
}

function longitudinalUser(scene: NcapScene): Kinematics {
  const v = scene.value('Ego_speed_kph') * kmh;
  const u = scene.value('VRU_finalSpeed_kph') * kmh;
  const body = scene.id.startsWith('CB') ? bicycle : adult;
  const meet = lead + 3;
  const y = -lane / 2 + car.width * ((scene.value('Overlap') - 50) / 100);
  return {
    ego: steady(car, 0, -lane / 2, 1, 0, v),
    target: steady(body, (v - u) * meet + body.length, y, 1, 0, u),
    duration: meet + 1,
    road: 'straight',
  };
}

/** A pedestrian crosses the arm into which the car turns. */
function turnIntoPedestrian(scene: NcapScene): Kinematics {
  const direction = scene.value('Ego_turningDirection') === 1 ? 1 : -1;
  const ego = turning(scene, direction, lead + 2);
  const u = scene.value('VRU_finalSpeed_kph') * kmh;
  const ramp = scene.value('VRU_accelerationDist');
  const line = direction * scene.value('VRU_centerlineOffset');
  // Seen from the car's first heading the pedestrian goes with it or against it.
  const along = scene.value('VRU_trajectoryDirection') === 1 ? 1 : -1;
  let meet = 0;
  for (let t = 0; t < lead + 8; t += 0.005) if (direction * (ego.at(t).y - line) <= -adult.width / 2) meet = t;
  const impact = ego.at(meet).x;
  const way = scene.value('VRU_collisionDist');
  const start = meet - (way - ramp) / u - (2 * ramp) / u;
  return {
    ego,
    target: setOff(adult, impact - along * way, line, along, 0, u, ramp, start),
    duration: meet + 1.5,
    road: 'crossing',
  };
}

/** The car backs along its lane towards a pedestrian who stands there (Cs) or crosses behind it (Cm). */
function reversing(scene: NcapScene): Kinematics {
  const v = scene.value('Ego_speed_kph') * kmh;
  const meet = lead;
  const y = lane / 2;
  const ego: Mover = { ...car, reverses: true, at: (t) => ({ x: v * t - car.length, y, hx: -1, hy: 0, v, a: 0 }) };
  const impact = y + car.width * (scene.value('Overlap') / 100 - 0.5);
  if (scene.id === 'CPRA_Cs') {
    const target = steady(adult, v * meet + adult.width / 2, impact, 0, 1, 0);
    return { ego, target, duration: meet + 1, road: 'straight' };
  }
  const u = scene.value('VRU_finalSpeed_kph') * kmh;
  const ramp = scene.value('VRU_accelerationDist');
  const way = scene.value('VRU_collisionDist');
  const start = meet - (way - ramp) / u - (2 * ramp) / u;
  const target = setOff(adult, v * meet + adult.width / 2, impact - way, 0, 1, u, ramp, start);
  return { ego, target, duration: meet + 1.5, road: 'straight' };
}

/** Undefined for what is not known. */
export function kinematicsOf(scene: NcapScene): Kinematics | undefined {
  const { id } = scene;
  if (id.startsWith('CPRA')) return reversing(scene);
  if (id.startsWith('CCR')) return carToRear(scene);
  if (id.startsWith('CCFho')) return headOn(scene);
  if (id.endsWith('Ftap')) return turnAcross(scene);
  if (id.startsWith('CPTA')) return turnIntoPedestrian(scene);
  if (id.startsWith('CBLA') || id.startsWith('CPLA')) return longitudinalUser(scene);
  if (/^C[PB][NF]/.test(id)) return crossingUser(scene);
  return undefined;
}

/** Seconds of the first contact of the two bodies, Infinity when there is none. */
export function contactOf({ ego, target, duration }: Kinematics): number {
  const box = (m: Mover, t: number): [number, number, number, number, number, number] => {
    const p = m.at(t);
    return [p.x - (p.hx * m.length) / 2, p.y - (p.hy * m.length) / 2, p.hx, p.hy, m.length, m.width];
  };
  for (let t = 0; t <= duration; t += 0.005) if (boxesOverlap(...box(ego, t), ...box(target, t))) return t;
  return Number.POSITIVE_INFINITY;
}

/** The same scene without a collision: the other one lane aside, or 3 s late where the ways cross. */
export function shifted(scene: NcapScene, k: Kinematics): Kinematics {
  const { target } = k;
  const aside = scene.id.startsWith('CCR') || scene.id.startsWith('CCFhos') || /^C[PB]LA|^CPRA_Cs/.test(scene.id);
  if (scene.id.startsWith('CCFhol')) {
    // It stays in its own lane.
    return { ...k, target: { ...target, at: (t) => ({ ...target.at(t), y: lane / 2, hx: -1, hy: 0 }) } };
  }
  // A slow car takes longer to be gone.
  const late = k.ego.reverses ? Math.max(3, 6 / k.ego.at(0).v) : 3;
  return {
    ...k,
    target: {
      ...target,
      at: (t) => {
        if (!aside) return target.at(t - late);
        const p = target.at(t);
        return { ...p, y: p.y + (scene.id.startsWith('CCF') ? lane : -lane) };
      },
    },
  };
}
