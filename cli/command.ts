/** One subcommand of `npm run rahban -- NAME`. Data goes to stdout, progress and errors to stderr. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Whole help text: usage, options with units and defaults, an example. */
  readonly help: string;
  /** 0 done, 1 failed, 2 wrong usage. With `--json` the last line of stdout is exactly one JSON object. */
  run(args: readonly string[]): Promise<0 | 1 | 2>;
}

/** Wrong usage: printed with the command's help hint, exit code 2. */
export class UsageError extends Error {}
