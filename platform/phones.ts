import type { PhoneDoor, PhoneVerdict } from '../api/index.ts';
import type { Verifier } from '../broker/index.ts';
import { type RejectReason, rejectReasons } from '../messages/index.ts';
import type { DoorClient } from '../threads/door-client.ts';

const isReason = (text: string): text is RejectReason => (rejectReasons as readonly string[]).includes(text);

/** Telephones over HTTP: the same credentials as over MQTT, the same pipeline as every message. */
export function createPhoneDoor(door: DoorClient, verifier: Verifier): PhoneDoor {
  return {
    verify: async (vehicleId, password) =>
      (await verifier.verify(vehicleId, new TextEncoder().encode(password), 'http')).result === 'ok',
    receive: async ({ vehicleId, query, body }): Promise<PhoneVerdict> => {
      const payload = body === undefined ? new Uint8Array() : new TextEncoder().encode(JSON.stringify(body));
      const refusal = await door.phone(vehicleId, body === undefined ? query : null, payload);
      if (refusal === '') return { accepted: true };
      const [reason = '', detail] = refusal.split(/: (.*)/s);
      return {
        accepted: false,
        reason: isReason(reason) ? reason : 'value-out-of-range',
        ...(detail === undefined ? {} : { detail }),
      };
    },
  };
}
