import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** SUMO's attributes of drivers who disregard right of way or red. */
const disregard = /\sjm\w+="[^"]*"/g;

/** What drivers of each misbehaving vehicle type are while they pay attention. */
export interface AttentiveTypes {
  /** Type to attentive type. */
  readonly counterpart: ReadonlyMap<string, string>;
  /** Additional file for SUMO that declares them; '' when there is none. */
  readonly xml: string;
}

/** Copies each vehicle type that disregards right of way, without that. Files are SUMO additional files, plain or gzip. */
export function attentiveTypesOf(files: readonly string[]): AttentiveTypes {
  const counterpart = new Map<string, string>();
  const declared: string[] = [];
  for (const file of files) {
    const raw = readFileSync(file);
    const text = (file.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8');
    for (const [element] of text.matchAll(/<vType\b[^>]*>/g)) {
      const id = /\sid="([^"]*)"/.exec(element)?.[1];
      const attributes = element.replace(disregard, '');
      if (id === undefined || attributes === element || counterpart.has(id)) continue;
      counterpart.set(id, `${id}-attentive`);
      declared.push(attributes.replace(`id="${id}"`, `id="${id}-attentive"`).replace(/\/?>$/, '/>'));
    }
  }
  return { counterpart, xml: declared.length === 0 ? '' : `<additional>${declared.join('')}</additional>` };
}
