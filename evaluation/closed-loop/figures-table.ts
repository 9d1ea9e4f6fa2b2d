import type { ClosedLoopFigures } from './compare.ts';

const shown = (value: number | null, unit = ''): string => (value === null ? '–' : `${value}${unit}`);

/** The figures as a table for people. */
export function figuresTable(figures: ClosedLoopFigures): string {
  const { first, secondary, harm, alerts } = figures;
  const rows: [string, string, string][] = [
    ['', 'both whole', 'into a wreck'],
    ...(['without', 'with', 'avoided', 'avoidedByReaction', 'displaced', 'remained'] as const).map(
      (key, i): [string, string, string] => [
        [
          'collisions without warnings',
          'collisions with warnings',
          'avoided',
          '  of these after a reaction',
          'displaced',
          'remained',
        ][i],
        shown(first[key]),
        shown(secondary[key]),
      ],
    ),
    ['avoided, share', shown(first.avoidedPercent, ' %'), shown(secondary.avoidedPercent, ' %')],
    [
      'impact speed of the remaining, without → with, m/s',
      `${shown(first.impactSpeedWithout)} → ${shown(first.impactSpeedWith)}`,
      `${shown(secondary.impactSpeedWithout)} → ${shown(secondary.impactSpeedWith)}`,
    ],
    ['  lower by', shown(first.impactSpeedReductionPercent, ' %'), shown(secondary.impactSpeedReductionPercent, ' %')],
  ];
  const wide = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, a, b]) => `${name.padEnd(wide)}  ${a.padStart(16)}  ${b.padStart(16)}`);
  return [
    ...lines,
    '',
    `only with warnings: ${harm.newCollisions} collisions (${harm.newRearEndOfBraking} rear-end into a driver braking for a warning, ` +
      `${harm.newWithWarnedParty} other with a warned party, ${harm.newUnrelated} unrelated)`,
    `hard brakings: ${harm.hardBrakingsWithout} → ${harm.hardBrakingsWith}; only with warnings: ${harm.newByWarnedInDanger} by warned drivers in danger, ` +
      `${harm.newByWarnedOtherwise} by warned drivers otherwise, ${harm.newBehindWarned} close behind one, ${harm.newUnrelatedHardBrakings} unrelated`,
    `alerts: ${alerts.advisory} advisories, ${alerts.warning} warnings, ${alerts.imminent} imminent; ${figures.brakings} brakings, ` +
      `${figures.calmed} vehicles followed an advisory; ${figures.vehicleHours} vehicle-hours`,
  ].join('\n');
}
