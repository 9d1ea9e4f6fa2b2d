import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** Rows of a (gzipped) CSV whose wanted columns hold no quotes or commas, as strings in the order of `columns`. */
export function* csvRows(file: string, columns: readonly string[]): Generator<string[]> {
  const raw = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(raw) : raw).toString();
  let end = text.indexOf('\n');
  const header = text.slice(0, end).trim().split(',');
  const wanted = columns.map((column) => header.indexOf(column));
  if (wanted.includes(-1)) throw new Error(`${file}: columns ${columns} expected, found ${header}`);
  while (end + 1 < text.length) {
    const start = end + 1;
    end = text.indexOf('\n', start);
    if (end === -1) end = text.length;
    const cells = text.slice(start, end).split(',');
    yield wanted.map((index) => cells[index] ?? '');
  }
}
