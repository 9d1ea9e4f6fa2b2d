import { topicBase } from '../../messages/index.ts';
import { isSafeId } from '../identifier.ts';

/** Where a vehicle's message goes: lossy traffic to the pipeline, durable traffic to the incident store before it is acknowledged. */
export interface InboundRoute {
  readonly durable: boolean;
  readonly vehicleId: string;
}

/** Longer topics are refused unread. The longest legal one (its-client with 22 tile levels) stays below. */
export const maxTopicLength = 320;

const telemetryPrefix = `${topicBase}/telemetry/`;
const incidentPrefix = `${topicBase}/incidents/`;
const itsClient =
  /^(?:\/?[A-Za-z0-9_.-]{1,64}\/){1,2}inQueue\/v2x\/(cam|cpm|denm|mapem|map|spatem|spat|srem|ssem|mcm|vam|poim|info|status|neighbourhood|region)\/([^/]{1,64})(?:\/[0-3]){0,22}\/?$/;
const ownTracks = /^owntracks\/([^/]{1,64})\/[A-Za-z0-9_.-]{1,64}$/;

/**
 * The exact grammar of what may be published to the platform; anything else is undefined. ASCII only.
 * `rahban/v1/telemetry/{id}`, `rahban/v1/incidents/{id}` (durable), `{root}/inQueue/v2x/{type}/{id}[/quadkey digits]`
 * (durable for denm; root of one or two levels, a leading slash is tolerated), `owntracks/{id}/{device}`.
 */
export function routeInbound(topic: string): InboundRoute | undefined {
  if (topic.length > maxTopicLength) return undefined;
  if (topic.startsWith(telemetryPrefix)) return route(false, topic.slice(telemetryPrefix.length));
  if (topic.startsWith(incidentPrefix)) return route(true, topic.slice(incidentPrefix.length));
  const its = itsClient.exec(topic);
  if (its !== null) return route(its[1] === 'denm', its[2] ?? '');
  const phone = ownTracks.exec(topic);
  return phone === null ? undefined : route(false, phone[1] ?? '');
}

function route(durable: boolean, vehicleId: string): InboundRoute | undefined {
  return isSafeId(vehicleId) ? { durable, vehicleId } : undefined;
}

/** Filters an external broker's client needs to receive every topic of `routeInbound`, by durability. */
export const inboundFilters = {
  lossy: [`${telemetryPrefix}+`, 'owntracks/+/+', ...itsFilters('+')],
  durable: [`${incidentPrefix}+`, ...itsFilters('denm')],
} as const;

function itsFilters(type: string): string[] {
  return ['+', '+/+', '+/+/+'].map((root) => `${root}/inQueue/v2x/${type}/#`);
}
