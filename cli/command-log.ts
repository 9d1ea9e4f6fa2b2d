import type { Log } from '../database/index.ts';

const write =
  (level: string) =>
  (fields: object, message: string): void =>
    void process.stderr.write(`${level}: ${message} ${JSON.stringify(fields)}\n`);

/** Log of a command: warnings and errors on stderr, the rest is not worth a line there. */
export const commandLog: Log = { info: () => undefined, warn: write('warning'), error: write('error') };
