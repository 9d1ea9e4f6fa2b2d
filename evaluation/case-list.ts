import type { RunResult } from './evaluate-run.ts';

export const caseKinds = ['misses', 'false', 'nuisance', 'all'] as const;
export type CaseKind = (typeof caseKinds)[number];

/** One line per missed collision or wrong warning, for whoever tunes the core. */
export function caseList(result: RunResult, kind: CaseKind): readonly string[] {
  const lines: string[] = [];
  if (kind === 'misses' || kind === 'all')
    for (const c of result.collisions) {
      const missed = [
        c.possibleAt1km && c.leadDistance < 980 ? 'S1' : '',
        c.warningLead >= c.warnByLead ? '' : 'S2',
        c.imminentLead >= 1 ? '' : 'S3',
      ].join('');
      if (missed === '' && kind === 'misses') continue;
      lines.push(
        `miss ${missed || '-'} ${c.class} ${c.id} ${c.hazardKind} possible ${c.possibleDistance.toFixed(0)} lead ${c.leadDistance.toFixed(0)} m; ` +
          `S2 ${c.warningLead.toFixed(1)} s (by ${c.warnByLead.toFixed(1)}), S3 ${c.imminentLead.toFixed(1)} s; told as ${c.predictedClass}`,
      );
    }
  for (const { issue, vehicle, other, verdict, finding, counted } of result.judged)
    if (verdict === kind || kind === 'all')
      lines.push(
        `${verdict}${counted ? '' : ' (not counted)'} S${issue.stage} ${issue.class} vehicle ${vehicle} other ${other || '-'} at ${issue.time} s, ` +
          `${issue.distance.toFixed(0)} m, eta ${issue.eta.toFixed(1)}, p ${issue.probability.toFixed(2)}: ${finding} | ${issue.why}`,
      );
  return lines;
}
