import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One concrete scene: what the protocol calls it and its parameters (km/h, m, m/s², degrees as the files have them). */
export interface NcapScene {
  readonly file: string;
  readonly id: string;
  /** Defaults of the base scenario, overridden by the variation. */
  readonly value: (name: string) => number;
  readonly label: string;
}

const attribute = (tag: string, name: string): string => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '';

function defaultsOf(file: string): ReadonlyMap<string, string> {
  const tags = readFileSync(file, 'utf8').matchAll(/<ParameterDeclaration [^>]*>/g);
  return new Map([...tags].map(([tag]) => [attribute(tag, 'name'), attribute(tag, 'value')]));
}

/** Sets of assignments that a distribution stands for, each a map of parameter to value. */
function choicesOf(xml: string): readonly (readonly ReadonlyMap<string, string>[])[] {
  const choices: ReadonlyMap<string, string>[][] = [];
  for (const [block] of xml.matchAll(
    /<DeterministicSingleParameterDistribution[\s\S]*?<\/DeterministicSingleParameterDistribution>/g,
  )) {
    const name = attribute(block, 'parameterName');
    let values = [...block.matchAll(/<Element [^>]*>/g)].map(([tag]) => attribute(tag, 'value'));
    const range = /<Range [^>]*>/.exec(block)?.[0];
    if (range !== undefined) {
      const step = Number(attribute(block, 'stepWidth'));
      const low = Number(attribute(range, 'lowerLimit'));
      const count = Math.round((Number(attribute(range, 'upperLimit')) - low) / step) + 1;
      values = Array.from({ length: count }, (_, i) => String(low + i * step));
    }
    choices.push(values.map((value) => new Map([[name, value]])));
  }
  for (const [block] of xml.matchAll(
    /<DeterministicMultiParameterDistribution>[\s\S]*?<\/DeterministicMultiParameterDistribution>/g,
  ))
    choices.push(
      [...block.matchAll(/<ParameterValueSet>[\s\S]*?<\/ParameterValueSet>/g)].map(
        ([set]) =>
          new Map(
            [...set.matchAll(/<ParameterAssignment [^>]*>/g)].map(([tag]) => [
              attribute(tag, 'parameterRef'),
              attribute(tag, 'value'),
            ]),
          ),
      ),
    );
  return choices;
}

/** Every combination in the `*_Variation_*` files (and single ones that no variation covers) of a folder of variations. */
export function ncapScenes(folder: string): readonly NcapScene[] {
  const scenes = new Map<string, NcapScene>();
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.xosc')) continue;
    const xml = readFileSync(join(folder, file), 'utf8');
    const base = /<ScenarioFile filepath="([^"]*)"/.exec(xml)?.[1];
    if (base === undefined) continue;
    const defaults = defaultsOf(join(folder, base));
    let combinations: ReadonlyMap<string, string>[] = [new Map()];
    for (const choice of choicesOf(xml))
      combinations = combinations.flatMap((done) => choice.map((next) => new Map([...done, ...next])));
    for (const combination of combinations) {
      const id = combination.get('Scenario_ID') ?? defaults.get('Scenario_ID') ?? file;
      const own = [...combination].filter(
        ([name]) => !/Scenario_ID|catalog|isCCR|length|width|BBcenter|R1|alpha|beta/i.test(name),
      );
      const label = `${id} ${own.map(([name, value]) => `${name.replace(/_kph$|Trajectory_/, '')} ${value}`).join(', ')}`;
      const value = (name: string): number => {
        const found = Number(combination.get(name) ?? defaults.get(name) ?? 'NaN');
        if (Number.isNaN(found)) throw new Error(`${file}: no number for ${name}`);
        return found;
      };
      if (!scenes.has(label)) scenes.set(label, { file, id, value, label });
    }
  }
  return [...scenes.values()];
}
