import { reject } from './outcome.ts';

export const vehicleIdPattern = '^[A-Za-z0-9_.:-]{1,64}$';
const grammar = new RegExp(vehicleIdPattern);

/** 1..64 characters of `[A-Za-z0-9_.:-]`: safe in a topic, a file name and a label. */
export const isVehicleId = (value: unknown): value is string => typeof value === 'string' && grammar.test(value);

/**
 * The one id of a message. The topic's id is the one the broker's access rules vouch for, so an id in the body may
 * repeat it but not differ. Without a topic id the body must carry one.
 */
export function agreedVehicleId(
  topicId: string | undefined,
  bodyId: unknown,
): { readonly ok: true; readonly id: string } | ReturnType<typeof reject> {
  if (topicId !== undefined && !grammar.test(topicId))
    return reject('bad-vehicle-id', `topic id ${JSON.stringify(topicId.slice(0, 80))}`);
  if (bodyId === undefined || bodyId === null)
    return topicId === undefined
      ? reject('missing-field', 'no vehicle id, neither in the topic nor in the message')
      : { ok: true, id: topicId };
  if (!isVehicleId(bodyId)) return reject('bad-vehicle-id', `id ${JSON.stringify(String(bodyId).slice(0, 80))}`);
  if (topicId !== undefined && topicId !== bodyId)
    return reject('vehicle-id-mismatch', `topic says ${topicId}, message says ${bodyId}`);
  return { ok: true, id: bodyId };
}
