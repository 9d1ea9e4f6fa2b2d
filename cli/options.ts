import { flagOf, type OptionSpec, optionSpecs } from '../config.ts';
import type { Command } from './command.ts';

function legalOf(spec: OptionSpec): string {
  if (spec.kind === 'number') return `${spec.min} to ${spec.max} (${spec.unit})`;
  if (spec.kind === 'switch') return 'on, off';
  if (spec.kind === 'list') return 'comma-separated';
  return spec.check?.('\0') ?? 'text';
}

function defaultOf(spec: OptionSpec): string {
  if (spec.kind === 'switch') return spec.default ? 'on' : 'off';
  return String(spec.default) || 'none';
}

/** The reference of all options as a Markdown table; docs/options.md is this text, checked by a test. */
export function optionsTable(): string {
  const rows = optionSpecs.map(
    (spec) => `| \`--${flagOf(spec)}\` | \`${spec.env}\` | ${defaultOf(spec)} | ${legalOf(spec)} | ${spec.about} |`,
  );
  return `# Options

Every option can be a flag of \`serve\`, an environment variable, or a key of the JSON file named by \`--config\` or \`RAHBAN_CONFIG\`
(the flag's name in camelCase); the first of these that gives a value wins. A wrong value stops the start with the value and what is legal.
Under \`npm start\` the default of \`RAHBAN_DEMO\` is on.

| flag | environment | default | legal | what it is |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

export default {
  name: 'options',
  summary: 'list every option with its environment name, default and legal range',
  help: 'Usage: npm run rahban -- options\n\nPrints the table of docs/options.md.',
  run: async () => {
    process.stdout.write(optionsTable());
    return 0;
  },
} satisfies Command;
