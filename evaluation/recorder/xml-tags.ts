import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** Attributes of one tag of SUMO's files; '' for one it has not. */
export type TagAttributes = (name: string) => string;

/** Walks the opening tags of a small XML file (plain or gzip) in the order of the file. */
export function eachTag(file: string, visit: (name: string, attributes: TagAttributes) => void): void {
  const raw = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8').replace(/<!--[\s\S]*?-->/g, '');
  for (const [, name, body] of text.matchAll(/<([A-Za-z][\w.-]*)((?:\s+[\w:.-]+="[^"]*")*)\s*\/?>/g))
    visit(name, (wanted) => new RegExp(`\\s${wanted}="([^"]*)"`).exec(body)?.[1] ?? '');
}
