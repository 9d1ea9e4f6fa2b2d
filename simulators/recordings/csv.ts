import { lineBatches } from './lines.ts';

/** Thrown for files that are not what their name says; the message names file, line and what was expected. */
export class RecordingError extends Error {}

/**
 * Rows of a CSV file without quoting, as the recordings have it, by column name.
 * `visit` gets the cells in the order of `columns`; '' for an optional column (name ending in '?') that the file lacks.
 * @throws RecordingError when a needed column is missing or a row has too few cells.
 */
export async function readCsv(
  file: string,
  columns: readonly string[],
  visit: (cells: readonly string[]) => void,
): Promise<void> {
  let at: number[] | undefined;
  let lineNumber = 0;
  let widest = 0;
  const cells: string[] = new Array(columns.length).fill('');
  for await (const lines of lineBatches(file)) {
    for (const line of lines) {
      lineNumber += 1;
      if (line === '') continue;
      const parts = line.split(',');
      if (at === undefined) {
        at = columns.map((column) => parts.indexOf(column.replace('?', '')));
        const missing = columns.filter((column, i) => !column.endsWith('?') && at?.[i] === -1);
        if (missing.length > 0)
          throw new RecordingError(`${file}: no column ${missing.join(', ')}; the header is ${line.slice(0, 200)}`);
        widest = Math.max(...at);
        continue;
      }
      if (parts.length <= widest)
        throw new RecordingError(`${file}:${lineNumber}: ${parts.length} cells where ${widest + 1} are needed`);
      for (let i = 0; i < at.length; i++) cells[i] = at[i] === -1 ? '' : parts[at[i]!]!;
      visit(cells);
    }
  }
  if (at === undefined) throw new RecordingError(`${file}: empty file`);
}

/** @throws RecordingError for what is not a finite number. */
export function numberOf(cell: string, file: string, name: string): number {
  const value = Number(cell);
  if (cell === '' || !Number.isFinite(value))
    throw new RecordingError(`${file}: ${JSON.stringify(cell)} is not a number (${name})`);
  return value;
}
