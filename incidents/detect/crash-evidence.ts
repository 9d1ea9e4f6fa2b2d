/** Rules of the crash detector; the order is that of `ruleWeights`. Weights are log-odds (collision reference 6.1, extended for 1 Hz). */
export const crashRules = [
  'vehicle-flag',
  'impact-acceleration',
  'delta-v',
  'contact',
  'contact-soft',
  'crossing-courses',
  'abrupt-stop',
  'rest-in-contact',
  'rest-off-stop-place',

  'followers-brake',
  'telemetry-silent',
  'imminent-warning-before',
  'hazard-lights',
  'resumed-driving',
  'bump-place',
  'parking-place',
  'position-jump',
] as const;
export type CrashRule = (typeof crashRules)[number];

export const ruleWeights: Readonly<Record<CrashRule, number>> = {
  'vehicle-flag': 8,
  'impact-acceleration': 4,
  'delta-v': 2.5,
  contact: 3,
  'contact-soft': 2,
  'crossing-courses': 1,
  'abrupt-stop': 1,
  'rest-in-contact': 1,
  'rest-off-stop-place': 1.5,

  'followers-brake': 1,
  'telemetry-silent': 1,
  'imminent-warning-before': 1.5,
  'hazard-lights': 0.5,
  'resumed-driving': -4,
  'bump-place': -1.5,
  'parking-place': -2,
  'position-jump': -3,
};

/** Bit of each rule in a candidate's set. */
export const ruleBits: Readonly<Record<CrashRule, number>> = Object.fromEntries(
  crashRules.map((rule, i) => [rule, 1 << i]),
) as Record<CrashRule, number>;
const weights = Float64Array.from(crashRules, (rule) => ruleWeights[rule]);

export function logOddsOf(rules: number): number {
  let sum = 0;
  for (let i = 0; i < crashRules.length; i++) if ((rules & (1 << i)) !== 0) sum += weights[i];
  return sum;
}

export function evidenceOf(
  rules: number,
  detail: string,
): readonly { readonly rule: CrashRule; readonly weight: number; readonly detail: string }[] {
  return crashRules
    .filter((_, i) => (rules & (1 << i)) !== 0)
    .map((rule) => ({ rule, weight: ruleWeights[rule], detail }));
}
