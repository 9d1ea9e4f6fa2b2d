import { describe, expect, it } from 'vitest';
import { ClassIndex } from '../../collision/causes.ts';
import { toldProbability } from '../../collision/told-probability.ts';
import { motorway, moving, play, standing } from './straight-road.ts';

describe('probability told (S6)', () => {
  const kinds = [ClassIndex.rearEnd, ClassIndex.crossing, ClassIndex.merge, ClassIndex.headOn];

  it('[S6] lies between 0 and 1, and an alarm is surer than the warning of its kind', () => {
    for (const cls of kinds)
      for (const speed of [0, 10]) {
        const warning = toldProbability(cls, 2, 1, speed, false);
        const alarm = toldProbability(cls, 3, 1, speed, false);
        expect(warning).toBeGreaterThan(0.4);
        expect(alarm).toBeGreaterThan(warning);
        expect(alarm).toBeLessThan(1);
      }
  });

  it('[S6] who stands is struck more often than who drives on, and who may be beside the way less often than who is in it', () => {
    const { rearEnd } = ClassIndex;
    expect(toldProbability(rearEnd, 2, 1, 0, false)).toBeGreaterThan(toldProbability(rearEnd, 2, 1, 10, false));
    expect(toldProbability(rearEnd, 2, 0.7, 0, false)).toBeCloseTo(0.7 * toldProbability(rearEnd, 2, 1, 0, false), 12);
  });

  it('[S6] is less sure where receivers are ordinary ones', () => {
    for (const cls of [ClassIndex.rearEnd, ClassIndex.crossing])
      for (const stage of [2, 3])
        expect(toldProbability(cls, stage, 0.99, 10, true)).toBeLessThan(toldProbability(cls, stage, 1, 0, false));
  });

  it('[S6] is as sure of those who come the wrong way, whatever the receivers', () => {
    const { wrongWay } = ClassIndex;
    for (const stage of [2, 3])
      expect(toldProbability(wrongWay, stage, 1, 20, true)).toBe(toldProbability(wrongWay, stage, 1, 20, false));
  });

  it('[S6] leaves alone what an advisory says, and kinds of which nothing was recorded', () => {
    expect(toldProbability(ClassIndex.queueTail, 1, 0.93, 0, false)).toBe(0.93);
    expect(toldProbability(ClassIndex.controlLoss, 2, 0.8, 0, false)).toBe(0.8);
  });

  it('[S6] follows the stage that is told', () => {
    const events = play(motorway(), [moving(0, 0, 30), standing(1500, 0)], 50, 10).filter((event) => event.slot === 0);
    const at = (stage: number): number => events.find((event) => event.stage === stage)?.probability ?? Number.NaN;
    expect(at(2)).toBeCloseTo(toldProbability(ClassIndex.rearEnd, 2, 1, 0, false), 6);
    expect(at(3)).toBeCloseTo(toldProbability(ClassIndex.rearEnd, 3, 1, 0, false), 6);
  });
});
