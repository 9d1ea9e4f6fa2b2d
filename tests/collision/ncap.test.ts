import { expect, it } from 'vitest';
import { type AlertEvent, createEngine } from '../../collision/index.ts';
import { TrackFlag } from '../../collision/vehicle-flags.ts';
import type { RoadGraph } from '../../roads/graph/index.ts';
import { describeWithSharedData, sharedData } from '../fixtures/shared-data.ts';
import { contactOf, type Kinematics, kinematicsOf, type Mover, shifted } from '../oracles/ncap-kinematics.ts';
import { type NcapScene, ncapScenes } from '../oracles/ncap-parameters.ts';
import { crossroads, ncapPlane, straightRoad } from '../oracles/ncap-roads.ts';

const startMs = 1_800_000_000_000;
/** Uplink, platform and downlink together, s. */
const latency = 0.05;
const hz = 10;
const folders = ['AEB_C2C_2023', 'AEB_VRU_2023'].map((name) => `oracles/ncap/OpenSCENARIO/NCAP/${name}/Variations`);

interface Told extends AlertEvent {
  /** Seconds at which the driver has it. */
  readonly at: number;
}

/** Both report ten times a second; nobody reacts. */
function play(graph: RoadGraph, { ego, target, duration }: Kinematics): Told[] {
  const engine = createEngine(graph, { capacity: 8 });
  const told: Told[] = [];
  const send = (slot: number, mover: Mover, t: number): void => {
    const p = mover.at(t);
    engine.update(
      slot,
      1,
      startMs + Math.round(1000 * t),
      ncapPlane.lat(p.y),
      ncapPlane.lon(p.x),
      p.v,
      ((Math.atan2(p.hx, p.hy) * 180) / Math.PI + 360) % 360,
      p.a,
      Number.NaN,
      Number.NaN,
      mover.length,
      mover.width,
      mover.stationType,
      mover.reverses ? TrackFlag.reversing : 0,
    );
  };
  for (let k = 0; k <= duration * hz; k += 1) {
    send(0, ego, k / hz);
    send(1, target, k / hz);
    engine.tick(startMs + (1000 * k) / hz + 1000 * latency);
    for (const event of engine.drainAlerts()) told.push({ ...event, at: k / hz + latency });
  }
  return told;
}

const roads = { straight: straightRoad(1), wide: straightRoad(2), crossing: crossroads() };
const roadOf = (scene: NcapScene, k: Kinematics): RoadGraph =>
  k.road === 'crossing' ? roads.crossing : scene.id.startsWith('CCR') ? roads.wide : roads.straight;
const isCar = (scene: NcapScene): boolean => scene.id.startsWith('CC');

describeWithSharedData('Euro NCAP kinematics with both parties transmitting', folders, () => {
  const cases = () =>
    folders
      .flatMap((folder) => ncapScenes(sharedData(folder)))
      .flatMap((scene) => {
        const kinematics = kinematicsOf(scene);
        return kinematics === undefined ? [] : [{ scene, kinematics }];
      });

  it('every scene ends in contact, no shifted one does', () => {
    const all = cases();
    expect(all.length).toBeGreaterThan(200);
    for (const { scene, kinematics } of all) {
      expect(contactOf(kinematics), scene.label).toBeLessThan(kinematics.duration);
      expect(contactOf(shifted(scene, kinematics)), scene.label).toBe(Number.POSITIVE_INFINITY);
    }
  });

  /** Scenes in which the car's driver is not told stage 3 at least 1.0 s before contact. */
  const lateOnes = (some: ReturnType<typeof cases>): string[] =>
    some.flatMap(({ scene, kinematics }) => {
      const contact = contactOf(kinematics);
      const first = play(roadOf(scene, kinematics), kinematics).find((event) => event.slot === 0 && event.stage === 3);
      const before = first === undefined ? 0 : contact - first.at;
      return before >= 1 - 1e-9 ? [] : [`${scene.label}: ${before.toFixed(2)} s`];
    });

  it('[S3] car to car: imminent at least 1.0 s before contact in every scene', () => {
    expect(lateOnes(cases().filter(({ scene }) => isCar(scene)))).toEqual([]);
  }, 120_000);

  it('[S3] pedestrians, cyclists, motorcyclists: imminent at least 1.0 s before contact in 90 % of the scenes', () => {
    const all = cases().filter(({ scene }) => !isCar(scene));
    const late = lateOnes(all);
    expect(late.length / all.length, `${late.length} of ${all.length} late:\n${late.join('\n')}`).toBeLessThanOrEqual(
      0.1,
    );
  }, 120_000);

  it('[V4] reversing towards a pedestrian: imminent at least 1.0 s before contact in every scene', () => {
    const all = cases().filter(({ scene }) => scene.id.startsWith('CPRA'));
    expect(all.length).toBeGreaterThan(3);
    expect(lateOnes(all)).toEqual([]);
  });

  it('[S2] behind another car the warning comes before the imminent stage', () => {
    const skipped = cases()
      .filter(({ scene }) => scene.id.startsWith('CCR'))
      .flatMap(({ scene, kinematics }) => {
        const own = play(roadOf(scene, kinematics), kinematics).filter((event) => event.slot === 0 && event.stage >= 2);
        return own[0]?.stage === 2 ? [] : [scene.label];
      });
    expect(skipped).toEqual([]);
  }, 120_000);

  it('[S3] the shifted controls stay without an imminent warning', () => {
    const alarms = cases().flatMap(({ scene, kinematics }) => {
      const control = shifted(scene, kinematics);
      const first = play(roadOf(scene, control), control).find((event) => event.stage === 3);
      return first === undefined
        ? []
        : [`${scene.label}: ${first.class} at ${first.at.toFixed(2)} s, slot ${first.slot}, ${first.why}`];
    });
    expect(alarms).toEqual([]);
  }, 120_000);
});
