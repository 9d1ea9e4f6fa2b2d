import { expect, it } from 'vitest';
import { encroachmentTime, gapBehind, ttcFollow } from '../../collision/index.ts';
import { describeWithSharedData, sharedData } from '../fixtures/shared-data.ts';
import { type Lanelet, overlapAt, type Point, type RoadUser, readScenario, stateAt } from '../oracles/common-road.ts';
import { expectedOf, rowsOf } from '../oracles/rows.ts';

/** Time in which the peers' configuration calls a time to collision exposed, s, and the car of their braking manoeuvre, m/s². */
const exposed = 2;
const fullBraking = 11.5;

const expectedOfRow = (measure: string, id: string): number =>
  expectedOf(
    rowsOf(sharedData('oracles/pairwise_cases.csv')).find(
      (row) => row('measure') === measure && row('id').startsWith(id),
    )?.('expected') ?? '',
  );

const outline = (lane: Lanelet): Point[] => [...lane.left, ...[...lane.right].reverse()];

function inside([x, y]: Point, polygon: readonly Point[]): boolean {
  let odd = false;
  for (let i = 0; i < polygon.length; i += 1) {
    const [x1, y1] = polygon[(i + polygon.length - 1) % polygon.length];
    const [x2, y2] = polygon[i];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) odd = !odd;
  }
  return odd;
}

function corners(user: RoadUser, step: number): Point[] {
  const { x, y, heading } = stateAt(user, step);
  const c = Math.cos(heading);
  const s = Math.sin(heading);
  return [1, -1].flatMap((a) =>
    [1, -1].map((b): Point => {
      const along = (a * user.length) / 2;
      const across = (b * user.width) / 2;
      return [x + along * c - across * s, y + along * s + across * c];
    }),
  );
}

describeWithSharedData('CommonRoad: a car drives into parked ones', ['oracles/crime/ZAM_Urban-3_3_Repair.xml'], () => {
  const scenario = () => readScenario(sharedData('oracles/crime/ZAM_Urban-3_3_Repair.xml'));
  const parties = () => {
    const { users, lanelets, step } = scenario();
    const ego = users.get('8');
    const own = users.get('6');
    const beside = users.get('7');
    if (ego === undefined || own === undefined || beside === undefined)
      throw new Error('the scenario lacks its vehicles');
    return { ego, own, beside, lanelets: [...lanelets.values()], step };
  };
  /** The road runs along x. */
  const gapAt = (ego: RoadUser, other: RoadUser, step: number): number =>
    gapBehind(stateAt(ego, step).x + ego.length / 2, stateAt(other, step).x + other.length / 2, other.length);
  const inLaneOf = (ego: RoadUser, other: RoadUser, step: number, lanes: readonly Lanelet[]): boolean =>
    lanes.some(
      (lane) =>
        inside([stateAt(other, 0).x, stateAt(other, 0).y], outline(lane)) &&
        corners(ego, step).some((corner) => inside(corner, outline(lane))),
    );
  const ttcAt = (ego: RoadUser, other: RoadUser, step: number): number => {
    const gap = gapAt(ego, other, step);
    return gap < 0 ? Number.POSITIVE_INFINITY : ttcFollow(gap, stateAt(ego, step).v - stateAt(other, step).v);
  };

  it('distance of closest encounter 0: the recorded car hits the one in its lane', () => {
    const { ego, own } = parties();
    const hit = ego.states.some((_, step) => overlapAt(ego, own, step));
    expect(hit ? 0 : 1).toBe(expectedOfRow('DCE', 'crime-Urban33-8-6'));
  });

  it('time headway along the recorded way: 2.4 s to the one in its lane, none to the one beside', () => {
    const { ego, own, beside, lanelets, step } = parties();
    const reached = ego.states.findIndex((_, k) => gapAt(ego, own, k) < 0);
    expect(Math.abs(reached * step - expectedOfRow('THW_traj', 'crime-Urban33-8-6'))).toBeLessThanOrEqual(0.11);
    expect(inLaneOf(ego, beside, 0, lanelets)).toBe(false);
    expect(expectedOfRow('THW_traj', 'crime-Urban33-8-7')).toBe(Number.POSITIVE_INFINITY);
  });

  it('time exposed to a time to collision of 2 s or less, and its integral for the one beside while the car is in that lane', () => {
    const { ego, own, beside, lanelets, step } = parties();
    const steps = ego.states.map((_, k) => k);
    const tet = steps.filter((k) => ttcAt(ego, own, k) <= exposed).length * step;
    expect(tet).toBeCloseTo(expectedOfRow('TET', 'crime-Urban33-8-6'), 2);
    const tit = steps
      .filter((k) => inLaneOf(ego, beside, k, lanelets) && ttcAt(ego, beside, k) <= exposed)
      .reduce((sum, k) => sum + (exposed - ttcAt(ego, beside, k)) * step, 0);
    expect(Math.abs(tit - expectedOfRow('TIT', 'crime-Urban33-8-7'))).toBeLessThanOrEqual(0.01);
  });

  it('time to brake: the last recorded step from which full braking (11.5 m/s², in steps of 0.1 s) still stops short', () => {
    const { ego, own, step } = parties();
    const stopsShort = (k: number): boolean => {
      let way = 0;
      for (let v = stateAt(ego, k).v - fullBraking * step; v > 0; v -= fullBraking * step) way += v * step;
      return way <= gapAt(ego, own, k);
    };
    const last = ego.states.reduce((found, _, k) => (stopsShort(k) ? k : found), -1);
    expect(last * step).toBeCloseTo(expectedOfRow('TTB', 'crime-Urban33-TTB'), 3);
  });
});

describeWithSharedData('CommonRoad: crossing at a T-junction', ['oracles/crime/ZAM_Tjunction-1_97_T-1.xml'], () => {
  it('encroachment time of vehicle 1 in the area it shares with vehicle 5 is 1.1 s', () => {
    const { users, lanelets, step } = readScenario(sharedData('oracles/crime/ZAM_Tjunction-1_97_T-1.xml'));
    const ego = users.get('1');
    const other = users.get('5');
    if (ego === undefined || other === undefined) throw new Error('the scenario lacks its vehicles');
    /** The lanelet within the junction that leads from where a vehicle begins to where it ends. */
    const way = (user: RoadUser): readonly Point[] => {
      const at = (k: number): Lanelet[] =>
        [...lanelets.values()].filter((lane) => inside([user.states[k].x, user.states[k].y], outline(lane)));
      const starts = at(0);
      const ends = at(user.states.length - 1);
      const through = [...lanelets.values()].find(
        (lane) =>
          starts.some((start) => start.successors.includes(lane.id)) &&
          ends.some((end) => end.predecessors.includes(lane.id)),
      );
      if (through === undefined) throw new Error(`no lanelet joins the ends of vehicle ${user.id}`);
      return outline(through);
    };
    const a = way(ego);
    const b = way(other);
    const shared: Point[] = [];
    for (let x = Math.min(...a.map((p) => p[0])); x < Math.max(...a.map((p) => p[0])); x += 0.2)
      for (let y = Math.min(...a.map((p) => p[1])); y < Math.max(...a.map((p) => p[1])); y += 0.2)
        if (inside([x, y], a) && inside([x, y], b)) shared.push([x, y]);
    const occupied = ego.states
      .map((_, k) => k)
      .filter((k) => {
        const { x, y, heading } = ego.states[k];
        const c = Math.cos(heading);
        const s = Math.sin(heading);
        return shared.some(
          ([px, py]) =>
            Math.abs((px - x) * c + (py - y) * s) <= ego.length / 2 &&
            Math.abs((py - y) * c - (px - x) * s) <= ego.width / 2,
        );
      });
    const time = encroachmentTime(occupied[0] * step, (occupied[occupied.length - 1] + 1) * step);
    expect(Math.abs(time - expectedOfRow('ET', 'crime-Tjunc-1-5'))).toBeLessThanOrEqual(0.01);
  });
});
