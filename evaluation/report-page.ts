import type { RunResult } from './evaluate-run.ts';
import type { Figures } from './figures.ts';

const width = 640;
const height = 300;
const left = 60;
const bottom = 40;

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** Axes from 0 to (xMost, yMost) with four steps each, and what is drawn in them. */
function plot(title: string, xLabel: string, yLabel: string, xMost: number, yMost: number, inside: string): string {
  const steps = [0, 0.25, 0.5, 0.75, 1];
  const x = (u: number): number => left + u * (width - left - 20);
  const y = (u: number): number => height - bottom - u * (height - bottom - 20);
  const tick = (value: number): string => String(Math.round(value * 100) / 100);
  return `<figure><figcaption>${escapeHtml(title)}</figcaption><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}">
${steps.map((u) => `<line class="grid" x1="${left}" x2="${width - 20}" y1="${y(u)}" y2="${y(u)}"/><text x="${left - 6}" y="${y(u) + 4}" text-anchor="end">${tick(u * yMost)}</text>`).join('')}
${steps.map((u) => `<text x="${x(u)}" y="${height - bottom + 16}" text-anchor="middle">${tick(u * xMost)}</text>`).join('')}
<text x="${(left + width) / 2}" y="${height - 4}" text-anchor="middle">${escapeHtml(xLabel)}</text><text transform="translate(14 ${height / 2}) rotate(-90)" text-anchor="middle">${escapeHtml(yLabel)}</text>
${inside}</svg></figure>`;
}

const px = (u: number): number => left + Math.min(1, Math.max(0, u)) * (width - left - 20);
const py = (u: number): number => height - bottom - Math.min(1, Math.max(0, u)) * (height - bottom - 20);

/** Share of collisions with a hazard that were told of with at least so many metres to go, against what was possible. */
function leadPlot(runs: readonly RunResult[]): string {
  const cases = runs.flatMap((run) => run.collisions).filter((c) => c.possibleDistance >= 150 && !c.everydayStop);
  const most = 1500;
  const curve = (of: (c: (typeof cases)[number]) => number): string =>
    Array.from({ length: 151 }, (_, i) => (i / 150) * most)
      .map(
        (metres) =>
          `${px(metres / most)},${py(cases.filter((c) => of(c) >= metres).length / Math.max(1, cases.length))}`,
      )
      .join(' ');
  return plot(
    `Lead distance of the first warning, ${cases.length} collisions with a hazard (grey: what was possible, at most 1,000 m)`,
    'metres to go at reception',
    'share of collisions',
    most,
    1,
    `<polyline class="possible" points="${curve((c) => c.possibleDistance)}"/><polyline class="ours" points="${curve((c) => c.leadDistance)}"/>`,
  );
}

function reliabilityPlot(figures: Figures): string {
  const most = Math.max(1, ...figures.reliability.bins.map((bin) => bin.n));
  const dots = figures.reliability.bins
    .filter((bin) => bin.n > 0)
    .map(
      (bin) =>
        `<circle class="dot" cx="${px(bin.meanProbability ?? 0)}" cy="${py(bin.shareTrue ?? 0)}" r="${3 + 9 * Math.sqrt(bin.n / most)}"><title>${bin.n} warnings</title></circle>`,
    )
    .join('');
  return plot(
    'Reliability of the probability, stages 2 and 3 (size: number of warnings; line: perfect)',
    'probability given',
    'share with a collision or severe conflict',
    1,
    1,
    `<line class="possible" x1="${px(0)}" y1="${py(0)}" x2="${px(1)}" y2="${py(1)}"/>${dots}`,
  );
}

function falsePlot(figures: Figures): string {
  const rules = Object.entries(figures.falseByRule).slice(0, 12);
  const most = Math.max(1, ...rules.map(([, count]) => count));
  const bars = rules
    .map(([rule, count], i) => {
      const y = 30 + i * 22;
      return `<text x="170" y="${y + 12}" text-anchor="end">${escapeHtml(rule)}</text><rect class="bar" x="176" y="${y}" width="${(400 * count) / most}" height="16"/><text x="${182 + (400 * count) / most}" y="${y + 12}">${count}</text>`;
    })
    .join('');
  return `<figure><figcaption>False warnings by stage and class</figcaption><svg viewBox="0 0 ${width} ${Math.max(60, 40 + 22 * rules.length)}" role="img" aria-label="False warnings by stage and class">${bars || '<text x="20" y="30">none</text>'}</svg></figure>`;
}

/** One page that needs nothing else. */
export function reportPage(runs: readonly RunResult[], figures: Figures): string {
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Rahban: evaluation on recorded traffic</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1b2430;background:#fff}figure{margin:2rem 0}figcaption{font-weight:600}
svg{width:100%;font:12px system-ui,sans-serif;fill:#1b2430}.grid{stroke:#d8dee6}.possible{stroke:#8a95a3;fill:none;stroke-width:2}.ours{stroke:#0a6b5c;fill:none;stroke-width:2.5}.dot,.bar{fill:#0a6b5c}
@media (prefers-color-scheme:dark){body{background:#12171d;color:#e6ebf0}svg{fill:#e6ebf0}.grid{stroke:#313a45}.ours{stroke:#4fd1b8}.dot,.bar{fill:#4fd1b8}}</style>
<h1>Evaluation on recorded traffic</h1>
<p>${figures.countedVehicleHours} vehicle-hours counted, ${figures.collisions.total} collisions. The tables are in evaluation.md.</p>
${leadPlot(runs)}${reliabilityPlot(figures)}${falsePlot(figures)}
</html>
`;
}
