import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What one run is judged from. Files are paths. */
export interface RunInputs {
  readonly name: string;
  readonly fcd: readonly string[];
  readonly collisions: readonly string[];
  /** Collisions not to be foreseen that explain what vehicles do afterwards. */
  readonly knownCollisions: readonly string[];
  readonly hazards: readonly string[];
  readonly bodyOverlaps: readonly string[];
  /** Seconds of the recording from which all vehicles are recorded; Infinity: never (windows about events); NaN: from the start. */
  readonly countFrom: number;
}

/** Files that lie beside the collisions are used when none are named. */
export function withSiblings(inputs: RunInputs): RunInputs {
  const beside = (name: string): readonly string[] => {
    const files = new Set(inputs.collisions.map((file) => join(dirname(file), name)));
    return [...files].filter((file) => existsSync(file) && !inputs.collisions.includes(file));
  };
  return {
    ...inputs,
    hazards: inputs.hazards.length > 0 ? inputs.hazards : beside('hazards.csv'),
    bodyOverlaps: inputs.bodyOverlaps.length > 0 ? inputs.bodyOverlaps : beside('body_overlaps.csv'),
    knownCollisions: [...beside('collisions_secondary.csv'), ...beside('collisions.csv')],
    countFrom: Number.isNaN(inputs.countFrom) ? recordedFrom(beside('run.json')[0]) : inputs.countFrom,
  };
}

/** From a world's run.json: 'whole run', 'all from N s …' or 'windows around the collisions only'. */
export function recordedFrom(file: string | undefined): number {
  if (file === undefined) return Number.NaN;
  const facts: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const text = typeof facts === 'object' && facts !== null && 'tracks_1hz' in facts ? String(facts.tracks_1hz) : '';
  const all = /all from ([\d.]+) s/.exec(text);
  if (all !== null) return Number(all[1]);
  return text.startsWith('windows') ? Number.POSITIVE_INFINITY : Number.NaN;
}
