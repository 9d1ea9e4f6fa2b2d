import {
  boxContactTime,
  boxesOverlap,
  dcpa,
  decelerationToSafetyTime,
  dracFollow,
  mdrac,
  requiredToStop,
  stoppingDistance,
  tcpa,
  timeGap,
  timeToCircle,
  ttcCross,
  ttcFollow,
  ttcPoint,
} from '../../collision/index.ts';
import type { Row } from './rows.ts';

/** The two road users of a row; headings in radians from the x axis, counter-clockwise. The box's middle lies bbox_cx ahead of x, y. */
interface Party {
  readonly x: number;
  readonly y: number;
  readonly hx: number;
  readonly hy: number;
  readonly v: number;
  readonly length: number;
  readonly width: number;
  readonly middle: number;
}

function party(row: Row, n: 1 | 2): Party {
  const value = (name: string): number => Number(row(`${name}${n}`) || 'NaN');
  const heading = Number(row(`heading${n}_rad`));
  return {
    x: value('x'),
    y: value('y'),
    hx: Math.cos(heading),
    hy: Math.sin(heading),
    v: value('v'),
    length: value('len'),
    width: value('wid'),
    middle: value('bbox_cx'),
  };
}

function extra(row: Row, name: string): number {
  return Number(new RegExp(`${name}\\s*=\\s*(-?[\\d.]+)`).exec(row('extra'))?.[1] ?? 'NaN');
}

const relative = (a: Party, b: Party): [number, number, number, number] => [
  b.x - a.x,
  b.y - a.y,
  b.v * b.hx - a.v * a.hx,
  b.v * b.hy - a.v * a.hy,
];

const boxOf = (p: Party): [number, number, number, number, number, number] => [
  p.x + p.hx * p.middle,
  p.y + p.hy * p.middle,
  p.hx,
  p.hy,
  p.length,
  p.width,
];

const contact = (a: Party, b: Party): number =>
  boxContactTime(...boxOf(a), a.v * a.hx, a.v * a.hy, ...boxOf(b), b.v * b.hx, b.v * b.hy);

/** Metres from a's front to b's rear along a's heading, boxes lying `middle` ahead of the reference. */
const gapBetween = (a: Party, b: Party): number =>
  (b.x + b.hx * b.middle - a.x - a.hx * a.middle) * a.hx +
  (b.y + b.hy * b.middle - a.y - a.hy * a.middle) * a.hy -
  (a.length + b.length) / 2;

/** SUMO's crossing: the entry lies half the other's width before the point where the lanes meet, the exit one length and one width on. */
function crossing(a: Party, b: Party): number {
  const across = a.hx * b.hy - a.hy * b.hx;
  const da = ((b.x - a.x) * b.hy - (b.y - a.y) * b.hx) / across;
  const db = ((b.x - a.x) * a.hy - (b.y - a.y) * a.hx) / across;
  const times = (d: number, own: Party, other: Party): [number, number] => [
    (d - other.width / 2) / own.v,
    (d + other.width / 2 + own.length) / own.v,
  ];
  return ttcCross(...times(da, a, b), ...times(db, b, a));
}

/** DAIDALUS' sphere for the row that gives positions in degrees; radius of 1 nmi per minute of arc. */
function entryOfNote(row: Row): number {
  const value = (name: string, nth: number): number =>
    Number([...row('note').matchAll(new RegExp(`${name} (-?[\\d.]+)`, 'g'))][nth]?.[1] ?? 'NaN');
  const radius = 6366707.02;
  const rad = Math.PI / 180;
  const lat = [value('lat', 0), Number(/intr (-?[\d.]+) /.exec(row('note'))?.[1])];
  const lon = [value('lon', 0), Number(/intr -?[\d.]+ (-?[\d.]+)/.exec(row('note'))?.[1])];
  const speed = [value('gs', 0), value('gs', 1)].map((knots) => (knots * 1852) / 3600);
  const track = [value('trk', 0), value('trk', 1)].map((degrees) => degrees * rad);
  const x = (lon[1] - lon[0]) * rad * radius * Math.cos(((lat[0] + lat[1]) / 2) * rad);
  const y = (lat[1] - lat[0]) * rad * radius;
  const vx = speed[1] * Math.sin(track[1]) - speed[0] * Math.sin(track[0]);
  const vy = speed[1] * Math.cos(track[1]) - speed[0] * Math.cos(track[0]);
  return timeToCircle(x, y, vx, vy, extra(row, 'D'));
}

/** By the row's measure: our value of it. Rows about whole trajectories are in common-road.test.ts. */
export const measures: Readonly<Record<string, (row: Row) => number>> = {
  TTC_point: (row) => ttcPoint(...relative(party(row, 1), party(row, 2))),
  TTC_follow: (row) => {
    const [a, b] = [party(row, 1), party(row, 2)];
    return ttcFollow(gapBetween(a, b), a.v - b.v);
  },
  TTC_box: (row) => contact(party(row, 1), party(row, 2)),
  TTC_box_longitudinal: (row) => contact(party(row, 1), party(row, 2)),
  TTC_cross: (row) => crossing(party(row, 1), party(row, 2)),
  first_collision_time: (row) => contact(party(row, 1), party(row, 2)),
  OBB_overlap: (row) => Number(boxesOverlap(...boxOf(party(row, 1)), ...boxOf(party(row, 2)))),
  DRAC_follow: (row) => {
    const [a, b] = [party(row, 1), party(row, 2)];
    return dracFollow(gapBetween(a, b), a.v - b.v);
  },
  DRAC_gap: (row) => dracFollow(extra(row, 'gap'), extra(row, 'dv')),
  MDRAC: (row) => mdrac(extra(row, 'gap'), extra(row, 'dv'), extra(row, 'prt') || 1),
  MDRAC_gap: (row) => mdrac(extra(row, 'gap'), extra(row, 'dv'), extra(row, 'prt') || 1),
  HW: (row) => gapBetween(party(row, 1), party(row, 2)),
  THW: (row) => timeGap(gapBetween(party(row, 1), party(row, 2)), party(row, 1).v),
  TCPA: (row) => tcpa(...relative(party(row, 1), party(row, 2))),
  DCPA: (row) => dcpa(...relative(party(row, 1), party(row, 2))),
  a_req: (row) => {
    const [a, b] = [party(row, 1), party(row, 2)];
    return requiredToStop(gapBetween(a, b), a.v - b.v, 0);
  },
  a_long_req: (row) => {
    const [a, b] = [party(row, 1), party(row, 2)];
    return -dracFollow(gapBetween(a, b), a.v - b.v);
  },
  DST: (row) => {
    const [a, b] = [party(row, 1), party(row, 2)];
    return decelerationToSafetyTime(gapBetween(a, b), a.v, b.v, 2);
  },
  stopping_distance: (row) => stoppingDistance(party(row, 1).v, extra(row, 'decel'), extra(row, 'reaction') || 0),
  time_to_circle_entry: entryOfNote,
};
