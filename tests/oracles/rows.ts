import { readFileSync } from 'node:fs';

/** Rows of a CSV file whose cells may be in double quotes, by column name; '' for a column the file has not. */
export function rowsOf(file: string): readonly ((column: string) => string)[] {
  const lines = readFileSync(file, 'utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '');
  const cells = (line: string): string[] =>
    [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((match) =>
      match[1].startsWith('"') ? match[1].slice(1, -1).replaceAll('""', '"') : match[1],
    );
  const columns = new Map(cells(lines[0]).map((name, i) => [name, i]));
  return lines.slice(1).map((line) => {
    const row = cells(line);
    return (column) => row[columns.get(column) ?? -1] ?? '';
  });
}

export type Row = ReturnType<typeof rowsOf>[number];

/** 'none' and 'inf' are Infinity, '' is NaN. */
export function expectedOf(text: string): number {
  return text === 'none' || text === 'inf' ? Number.POSITIVE_INFINITY : text === '' ? Number.NaN : Number(text);
}
