import { statusTopic, topicBase } from '../../messages/index.ts';
import { isSafeId } from '../identifier.ts';
import { type Holder, mayActFor } from './holder.ts';
import { maxTopicLength } from './inbound-topics.ts';

const types = 'cam|cpm|denm|mapem|map|spatem|spat|srem|ssem|mcm|vam|poim|info|status|neighbourhood|region';
const root = '(?:\\/?[A-Za-z0-9_.-]{1,64}\\/){1,2}';
const id = '[A-Za-z0-9_.:-]{1,64}';
const personal = /^rahban\/v1\/(warnings|receipts)\/([^/]+)$/;
const hazardFilter = /^rahban\/v1\/hazards(?:\/(?:[0-3]|\+)){0,22}(?:\/#)?$/;
const tileFilter = new RegExp(
  `^${root}outQueue/v2x(?:/#|/(?:${types}|\\+)(?:/#|/(?:${id}|\\+)(?:/(?:[0-3]|\\+)){0,22}(?:/#)?))$`,
);
const tileTopic = new RegExp(`^${root}outQueue/v2x/(?:${types})/${id}(?:/[0-3]){0,22}/?$`);
const unicast = new RegExp(`^${root}outQueue/(${id})/denm/(${id}|\\+)$`);

/**
 * Whether this holder may subscribe to the filter; everything not named here is denied, `$share`, `$SYS` and `#` among it.
 * `rahban/v1/warnings/{id}` and `…/receipts/{id}` of the ids it may act for; with `+` for gateways, whose deliveries are then
 * checked one by one; warnings of anybody for monitors; hazards, status and the public tiles of its-client for all.
 */
export function maySubscribe(holder: Holder, filter: string): boolean {
  if (filter.length > maxTopicLength) return false;
  if (filter === statusTopic || hazardFilter.test(filter) || tileFilter.test(filter)) return true;
  const own = personal.exec(filter);
  if (own !== null) return mayWatch(holder, own[1] ?? '', own[2] ?? '');
  const direct = unicast.exec(filter);
  return direct !== null && isSafeId(direct[1] ?? '') && mayActFor(holder, direct[1] ?? '');
}

function mayWatch(holder: Holder, what: string, whose: string): boolean {
  const all = whose === '+' || whose === '#';
  if (!all && !isSafeId(whose)) return false;
  if (holder.kind === 'monitor') return what === 'warnings';
  return all ? holder.kind === 'gateway' : mayActFor(holder, whose);
}

const warnings = `${topicBase}/warnings/`;
const receipts = `${topicBase}/receipts/`;
const hazards = `${topicBase}/hazards/`;

/** Second line behind `maySubscribe`: whether this one message on a concrete topic may go to the holder. */
export function mayReceive(holder: Holder, topic: string): boolean {
  if (topic.startsWith(warnings)) return holder.kind === 'monitor' || mayActFor(holder, topic.slice(warnings.length));
  if (topic.startsWith(receipts)) return mayActFor(holder, topic.slice(receipts.length));
  if (topic === statusTopic || topic.startsWith(hazards) || tileTopic.test(topic)) return true;
  const direct = unicast.exec(topic);
  return direct !== null && mayActFor(holder, direct[1] ?? '');
}
