import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attentiveTypesOf } from '../../evaluation/closed-loop/attentive-types.ts';
import type { Contact } from '../../evaluation/closed-loop/contacts.ts';
import { compareRuns, figuresTable, type RunRecord } from '../../evaluation/closed-loop/index.ts';

const calm: RunRecord = {
  vehicleHours: 2,
  contacts: [],
  withoutContact: 0,
  hardBrakings: [],
  alerts: [0, 0, 0],
  brakings: [],
  calmed: 0,
};

function contact(time: number, collider: string, victim: string, impactSpeed = 10, secondary = false): Contact {
  return { time, collider, victim, kind: 'rear-end', secondary, impactSpeed };
}

describe('Comparing the unwarned with the warned run', () => {
  it('tells apart what was avoided, displaced and remained, and how hard it still was', () => {
    const without = {
      ...calm,
      contacts: [contact(100, 'a', 'b', 12), contact(200, 'c', 'd'), contact(300, 'e', 'f'), contact(400, 'g', 'h')],
    };
    const warned: RunRecord = {
      ...calm,
      contacts: [contact(103, 'b', 'a', 3), contact(310, 'e', 'x')],
      brakings: [
        { vehicle: 'b', time: 98 },
        { vehicle: 'd', time: 190 },
      ],
    };
    const { first, secondary, vehicleHours } = compareRuns([{ without, with: warned }]);
    expect(first).toEqual({
      without: 4,
      with: 2,
      avoided: 2,
      avoidedByReaction: 1,
      displaced: 1,
      remained: 1,
      avoidedPercent: 50,
      impactSpeedWithout: 12,
      impactSpeedWith: 3,
      impactSpeedReductionPercent: 75,
    });
    expect(secondary.without).toBe(0);
    expect(secondary.avoidedPercent).toBeNull();
    expect(vehicleHours).toBe(2);
  });

  it('counts as harm what only exists in the warned run, by what it had to do with warnings', () => {
    const without: RunRecord = {
      ...calm,
      contacts: [contact(100, 'a', 'b')],
      hardBrakings: [{ time: 50, vehicle: 'p', who: 'other' }],
    };
    const warned: RunRecord = {
      ...calm,
      contacts: [contact(100, 'a', 'b'), contact(500, 'v', 'w'), contact(600, 'm', 'n'), contact(700, 'y', 'z')],
      brakings: [
        { vehicle: 'w', time: 495 },
        { vehicle: 'm', time: 590 },
      ],
      hardBrakings: [
        { time: 55, vehicle: 'p', who: 'warned' },
        { time: 97, vehicle: 'a', who: 'warned' },
        { time: 300, vehicle: 'q', who: 'warned' },
        { time: 301, vehicle: 'r', who: 'behind' },
        { time: 302, vehicle: 's', who: 'other' },
      ],
    };
    const figures = compareRuns([{ without, with: warned }]);
    expect(figures.harm).toEqual({
      newCollisions: 3,
      newRearEndOfBraking: 1,
      newWithWarnedParty: 1,
      newUnrelated: 1,
      hardBrakingsWithout: 1,
      hardBrakingsWith: 5,
      newByWarnedInDanger: 1,
      newByWarnedOtherwise: 1,
      newBehindWarned: 1,
      newUnrelatedHardBrakings: 1,
    });
    expect(figuresTable(figures)).toContain('3 collisions (1 rear-end');
  });

  it('sums seeds, and two equal runs show nothing', () => {
    const run = { ...calm, contacts: [contact(100, 'a', 'b', 8)] };
    const figures = compareRuns([
      { without: run, with: run },
      { without: run, with: run },
    ]);
    expect(figures.first).toMatchObject({
      without: 2,
      with: 2,
      remained: 2,
      avoidedPercent: 0,
      impactSpeedReductionPercent: 0,
    });
    expect(figures.harm.newCollisions).toBe(0);
  });
});

describe('Drivers who misbehave', () => {
  it('have an attentive counterpart that differs in nothing but the disregard of others', () => {
    const folder = mkdtempSync(join(tmpdir(), 'types-'));
    const file = join(folder, 'types.add.xml');
    const usual = '<vType id="car" length="4.6" tau="1.3"/>';
    writeFileSync(
      file,
      `<additional>${usual}<vType id="viol" length="5" jmIgnoreFoeProb="1" jmDriveAfterRedTime="9"/></additional>`,
    );
    const { counterpart, xml } = attentiveTypesOf([file]);
    rmSync(folder, { recursive: true });
    expect([...counterpart]).toEqual([['viol', 'viol-attentive']]);
    expect(xml).toBe('<additional><vType id="viol-attentive" length="5"/></additional>');
  });
});
