import type { Figures } from './figures.ts';
import type { Rate, Share } from './statistics.ts';

export interface WorldFigures {
  readonly name: string;
  readonly figures: Figures;
}

const text = (value: number | null): string => (value === null ? '–' : String(Math.round(value * 1000) / 1000));
const share = (s: Share | undefined): string =>
  s === undefined || s.value === null
    ? '–'
    : `${s.value.toFixed(2)} (${s.hits}/${s.n}; ${s.interval95?.map((bound) => bound.toFixed(2)).join('–')})`;
const rate = (r: Rate): string =>
  r.per1000vh === null
    ? '–'
    : `${r.per1000vh.toFixed(1)} (${r.count}; ${r.interval95?.map((bound) => bound.toFixed(1)).join('–')})`;

const table = (columns: readonly string[], rows: readonly (readonly string[])[]): string =>
  [columns, columns.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const meaning = `## What the figures mean

The engine is driven offline with what vehicles report; then its alert log is judged from the exact tracks, the known collisions and
the list of hazards. It never sees driver types, lanes or hazards.

- **Stage 1, possible at 1 km**: the hazard the driver met (standing or crashed vehicle, slow vehicle, wrong-way driver, queue) was there and stayed until
  he came, both had been recorded three times, and his way to the place was at least half likely by what everybody does at the turns in between, while he
  still had 1,000 m to drive. **Recall at 1 km**: a warning about that place or that hazard was received with at least 980 m to go and was not taken
  back. **Lead / possible (rho)**: distance left at reception over the distance possible (at most 1,000 m), over all collisions with a hazard and 150 m
  or more possible. Queues in streets below 70 km/h stand at every signal, cars double-parked at many kerbs: telling a driver of them a kilometre ahead is judged
  false below, so they are left out here; the last column counts them.
- **Stage 2 recall**: received before the margin was gone, that is while braking at 3.4 m/s² after 1.5 s would still have sufficed (for crossing paths: for the
  party that can still stop), or, when the threat arose later than that, within 1 s of its appearance; and not taken back.
- **Stage 3 recall**: received at least 1.0 s before contact. Vulnerable: a pedestrian or the rider of a two-wheeler (judged by size) is a party.
- **Judging a warning**: *true*, a collision followed. *Justified*, none followed but the pair came to a time to collision below 1.5 s, a post-encroachment time
  below 1.0 s or a needed deceleration above 3.4 m/s², moving straight on or along the lines they drove; for stage 1 the hazard was really there within 150 m when the driver passed. *Nuisance*, something real, but
  the driver was already slowing, did not come by, or the hazard went and the warning was taken back before he came. *False*: the rest; legitimate stops
  (double parking, bus stops, queues at signals) are false.
- **Rates** are per 1,000 vehicle-hours of the time in which all vehicles are recorded, without its first 10 s. Intervals are 95 %: Wilson for shares, Poisson for rates.
- **Straight line**: all pairs each second, constant speed and heading, alert when the lines come within 4 m and both are within 1,000 m of that point, in two seconds running.
- Left out: vehicles after their own first contact, pairs listed in body_overlaps.csv, and warnings of a moment after the end of a party's track.
- **Latency**: from the newest report that entered a warning to its issue, computing time included.`;

/** The report of several worlds as one Markdown page. `commands` say how it was made. */
export function reportMarkdown(worlds: readonly WorldFigures[], total: Figures, commands: readonly string[]): string {
  const all = [...worlds, { name: '**all**', figures: total }];
  const classes = Object.keys(total.s2.recallOf);
  const stage = (of: (figures: Figures) => Figures['s1' | 's2' | 's3']): string =>
    table(
      ['world', 'false', 'nuisance', 'justified', 'true'],
      all.map(({ name, figures }) => {
        const rates = of(figures);
        return [name, rate(rates.false), rate(rates.nuisance), rate(rates.justified), rate(rates.true)];
      }),
    );
  return `# Evaluation on recorded traffic

Generated; do not edit. Made by

${commands.map((command) => `    ${command}`).join('\n')}

${table(
  ['world', 'vehicle-hours', 'of these counted', 'collisions', 'possible at 1 km'],
  all.map(({ name, figures }) => [
    name,
    figures.vehicleHours.toFixed(1),
    figures.countedVehicleHours.toFixed(1),
    String(figures.collisions.total),
    String(figures.s1.possibleAt1km),
  ]),
)}

## Stage 1: advisory, about 1 km

${table(
  [
    'world',
    'recall at 1 km',
    'lead / possible: mean',
    'p10',
    'cases',
    'lead distance p10 / p50 / p90, m',
    'with everyday stops: recall, mean',
  ],
  all.map(({ name, figures: { s1 } }) => [
    name,
    share(s1.recallAt1kmOf),
    text(s1.meanRho),
    text(s1.p10Rho),
    String(s1.rhoOf),
    [s1.leadDistance.p10, s1.leadDistance.p50, s1.leadDistance.p90]
      .map((value) => text(value && Math.round(value)))
      .join(' / '),
    `${share(s1.countingEverydayStops.recallAt1kmOf)}, ${text(s1.countingEverydayStops.meanRho)}`,
  ]),
)}

${total.s1.agreement1HzOf === null ? '' : `The same advisories at the recorded rate (10 Hz) and at 1 Hz: ${share(total.s1.agreement1HzOf)}.\n\n`}Warnings per 1,000 vehicle-hours (count; interval):

${stage((figures) => figures.s1)}

## Stage 2: warning

Recall before the margin is gone (hits/cases; interval):

${table(
  ['world', ...classes],
  all.map(({ name, figures }) => [name, ...classes.map((c) => share(figures.s2.recallOf[c]))]),
)}

Seconds before contact, median:

${table(
  ['world', ...classes],
  all.map(({ name, figures }) => [name, ...classes.map((c) => text(figures.s2.leadTimeP50[c] ?? null))]),
)}

Warnings per 1,000 vehicle-hours:

${stage((figures) => figures.s2)}

## Stage 3: imminent

${table(
  ['world', 'car to car', 'vulnerable', ...classes],
  all.map(({ name, figures: { s3 } }) => [
    name,
    share(s3.recallOf.car),
    share(s3.recallOf.vulnerable),
    ...classes.map((c) => share(s3.recallByClass[c])),
  ]),
)}

Warnings per 1,000 vehicle-hours:

${stage((figures) => figures.s3)}

## Together

${table(
  [
    'world',
    'audible per 1,000 vh',
    'straight line: false per 1,000 vh',
    'ratio to stages 2 and 3',
    'to all stages',
    'latency p50 / p99, ms',
    'tick p99, ms',
    'Brier',
    'calibration error',
  ],
  all.map(({ name, figures: f }) => [
    name,
    text(f.audiblePer1000vh),
    text(f.cpaBaseline.falsePer1000vh),
    text(f.cpaBaseline.ratioToPairStages),
    text(f.cpaBaseline.ratioToAllStages),
    `${text(f.latencyMs.p50)} / ${text(f.latencyMs.p99)}`,
    text(f.tickMs.p99),
    text(f.reliability.brier),
    text(f.reliability.calibrationError),
  ]),
)}

False warnings by rule: ${Object.entries(total.falseByRule)
    .map(([rule, count]) => `${rule} ${count}`)
    .join(', ')}.

Class of the collision (rows) and class of the strongest warning that foretold it:

${confusion(total)}

${meaning}
`;
}

function confusion(total: Figures): string {
  const told = [...new Set(Object.values(total.confusion).flatMap((row) => Object.keys(row)))].sort();
  return table(
    ['', ...told],
    Object.entries(total.confusion).map(([name, row]) => [name, ...told.map((c) => String(row[c] ?? ''))]),
  );
}
