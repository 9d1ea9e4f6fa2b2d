import { topicBase } from './topics.ts';

export type ParsedTopic =
  | { readonly kind: 'telemetry' | 'incident' | 'warning' | 'receipt'; readonly vehicleId: string }
  | { readonly kind: 'hazard'; readonly quadkey: string }
  | { readonly kind: 'status' }
  /** Orange its-client: `{root}/{queue}/v2x/{type}/{uuid}/{q0}/{q1}…`. `quadkey` is '' when the topic ends at the uuid. */
  | {
      readonly kind: 'v2x';
      readonly root: string;
      readonly queue: 'in' | 'out' | 'inter';
      readonly type: string;
      readonly uuid: string;
      readonly quadkey: string;
    }
  | { readonly kind: 'vanetza'; readonly direction: 'in' | 'out' | 'own' | 'time' | 'test'; readonly type: string }
  | { readonly kind: 'owntracks'; readonly user: string; readonly device: string }
  /** HSL HFP v1/v2 as far as the vehicle; ids keep their leading zeros. `event` is '' in v1. */
  | {
      readonly kind: 'hfp';
      readonly event: string;
      readonly mode: string;
      readonly operator: string;
      readonly vehicle: string;
    }
  | { readonly kind: 'unknown' };

const v2x =
  /^(?<root>.+?)\/(?<queue>in|out|inter)Queue\/v2x\/(?<type>cam|cpm|denm|mapem|map|spatem|spat|srem|ssem|mcm|vam|poim|info|status|neighbourhood|region)\/(?<uuid>[^/+#]+)(?:\/(?<quadkey>[0-3](?:\/[0-3]){0,21}))?\/?$/;
const vanetza =
  /^vanetza\/(in|out|own|time|test)\/(cam|denm|cpm|vam|spatem|mapem|mcm|ssem|srem|rtcmem|ivim|evcsn|evrsr|imzm|tistpg)$/;
const ownTracks = /^owntracks\/([^/+#]+)\/([^/+#]+)$/;
const hfpV2 = /^hfp\/v2\/(?:journey|deadrun|signoff)\/[^/]*\/([^/]+)\/([^/]*)\/([^/]*)\/([^/]+)(?:\/|$)/;
const hfpV1 = /^hfp\/v1\/(?:journey|deadrun|signoff)\/[^/]*\/([^/]*)\/([^/]*)\/([^/]+)(?:\/|$)/;

const vehicleTopics = [
  [`${topicBase}/telemetry/`, 'telemetry'],
  [`${topicBase}/incidents/`, 'incident'],
  [`${topicBase}/warnings/`, 'warning'],
  [`${topicBase}/receipts/`, 'receipt'],
] as const;
const hazardPrefix = `${topicBase}/hazards/`;
const unknown: ParsedTopic = { kind: 'unknown' };

/**
 * The grammar of every topic this platform reads or writes (v2x.md 4.1); one leading slash is tolerated. Vehicle ids are
 * cut out, not checked. Total; what matches nothing is `unknown`.
 */
export function parseTopic(topic: string): ParsedTopic {
  const path = topic.startsWith('/') ? topic.slice(1) : topic;
  if (path.startsWith(`${topicBase}/`)) return parseOwnTopic(path);
  const its = v2x.exec(path)?.groups;
  if (its !== undefined)
    return {
      kind: 'v2x',
      root: its.root ?? '',
      queue: its.queue as 'in' | 'out' | 'inter',
      type: its.type ?? '',
      uuid: its.uuid ?? '',
      quadkey: (its.quadkey ?? '').replaceAll('/', ''),
    };
  const radio = vanetza.exec(path);
  if (radio !== null)
    return { kind: 'vanetza', direction: radio[1] as 'in' | 'out' | 'own' | 'time' | 'test', type: radio[2] ?? '' };
  const phone = ownTracks.exec(path);
  if (phone !== null) return { kind: 'owntracks', user: phone[1] ?? '', device: phone[2] ?? '' };
  const v2 = hfpV2.exec(path);
  if (v2 !== null)
    return { kind: 'hfp', event: v2[1] ?? '', mode: v2[2] ?? '', operator: v2[3] ?? '', vehicle: v2[4] ?? '' };
  const v1 = hfpV1.exec(path);
  if (v1 !== null) return { kind: 'hfp', event: '', mode: v1[1] ?? '', operator: v1[2] ?? '', vehicle: v1[3] ?? '' };
  return unknown;
}

function parseOwnTopic(path: string): ParsedTopic {
  for (const [prefix, kind] of vehicleTopics)
    if (path.startsWith(prefix)) return { kind, vehicleId: path.slice(prefix.length) };
  if (path.startsWith(hazardPrefix)) {
    const digits = path.slice(hazardPrefix.length);
    if (/^[0-3](?:\/[0-3])*$/.test(digits)) return { kind: 'hazard', quadkey: digits.replaceAll('/', '') };
  }
  return path === `${topicBase}/status` ? { kind: 'status' } : unknown;
}
