import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** One row of a truth file by column name; '' for a column the file has not. */
export type TableRow = (column: string) => string;

/** Reads a small CSV file without quoting (plain or gzip) whole. @throws Error naming the file when a needed column is missing. */
export function readTable(file: string, needed: readonly string[]): readonly TableRow[] {
  const raw = readFileSync(file);
  const lines = (file.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8').split(/\r?\n/);
  const columns = new Map((lines[0] ?? '').split(',').map((name, i) => [name, i]));
  const missing = needed.filter((name) => !columns.has(name));
  if (missing.length > 0) throw new Error(`${file}: no column ${missing.join(', ')}; the header is ${lines[0]}`);
  return lines
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => {
      const cells = line.split(',');
      return (column) => cells[columns.get(column) ?? -1] ?? '';
    });
}

/** A number of a row; NaN for an empty cell. @throws Error for what is no number. */
export function cellNumber(row: TableRow, column: string, file: string): number {
  const cell = row(column);
  if (cell === '') return Number.NaN;
  const value = Number(cell);
  if (!Number.isFinite(value)) throw new Error(`${file}: ${JSON.stringify(cell)} is not a number (${column})`);
  return value;
}
