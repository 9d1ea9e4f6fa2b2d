import { mkdirSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the house keeps what the core has learned of a city's drivers, a file for each map. */
export interface LearnedFile {
  /** What the last run over this map left; undefined where there is none. */
  readonly bytes: Uint8Array | undefined;
  /** Writes it beside the old one and then in its place; one after the other. An aid: failing is logged, no more. */
  keep(bytes: Uint8Array): void;
  /** Resolves when everything kept is on the disk. */
  settled(): Promise<void>;
}

/** Opens `<dataDir>/learned/<mapHash>.bin`. @throws when the folder cannot be made. */
export function openLearnedFile(
  dataDir: string,
  mapHash: string,
  warn: (fields: object, text: string) => void,
): LearnedFile {
  const folder = join(dataDir, 'learned');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${mapHash}.bin`);
  let writing: Promise<void> = Promise.resolve();
  return {
    bytes: readIfThere(path, warn),
    keep(bytes) {
      writing = writing.then(async () => {
        try {
          await writeFile(`${path}.new`, bytes, { mode: 0o600 });
          await rename(`${path}.new`, path);
        } catch (error) {
          warn({ err: error }, 'what was learned of the traffic is not kept');
        }
      });
    },
    settled: () => writing,
  };
}

function readIfThere(path: string, warn: (fields: object, text: string) => void): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      warn({ err: error }, 'what was learned of the traffic cannot be read: it is learned anew');
    return undefined;
  }
}
