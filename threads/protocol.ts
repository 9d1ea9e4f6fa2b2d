import type { AlertClass, AlertEvent } from '../collision/index.ts';
import type { Warning } from '../messages/index.ts';

/** Everything that crosses between the three event loops: door (broker, ingest), core (collision), house (api, incidents). Plain data only. */

/** A crash seen by the detector in the core's thread, still in slots. */
export interface CrashSeen {
  readonly slots: readonly number[];
  readonly generations: readonly number[];
  readonly occurredAtMs: number;
  readonly lat: number;
  readonly lon: number;
  readonly edge: number;
  readonly logOdds: number;
  readonly evidence: readonly { readonly rule: string; readonly weight: number; readonly detail: string }[];
}

export type CoreToDoor = { readonly type: 'alerts'; readonly events: readonly AlertEvent[] };

export type CoreToHouse =
  | { readonly type: 'crash'; readonly crash: CrashSeen }
  | {
      readonly type: 'core-counters';
      readonly counters: Readonly<Record<string, number>>;
      readonly tickLateMs: readonly number[];
    }
  | { readonly type: 'learned'; readonly bytes: Uint8Array }
  | { readonly type: 'core-stopped' };

export type ToCore =
  | {
      readonly type: 'raise-hazard';
      readonly kind: AlertClass;
      readonly lat: number;
      readonly lon: number;
      readonly headingDeg: number;
      readonly confidence: number;
      readonly validMs: number;
    }
  | { readonly type: 'stop' };

export interface RawCopy {
  readonly vehicleId: string;
  readonly topic: string;
  readonly receivedMs: number;
  readonly payload: Uint8Array;
}

export type DoorToHouse =
  | { readonly type: 'door-ready'; readonly addresses: Readonly<Record<string, string>> }
  | { readonly type: 'door-failed'; readonly message: string; readonly code: string }
  | { readonly type: 'assigned'; readonly slot: number; readonly generation: number; readonly vehicleId: string }
  | { readonly type: 'warnings'; readonly warnings: readonly Warning[] }
  | { readonly type: 'durable'; readonly requestId: number; readonly message: RawCopy }
  | { readonly type: 'black-box'; readonly requestId: number; readonly messages: readonly RawCopy[] }
  | { readonly type: 'phone-answer'; readonly requestId: number; readonly reason: string }
  | {
      readonly type: 'door-counters';
      readonly broker: Readonly<Record<string, number>>;
      readonly ingest: Readonly<Record<string, number>>;
    }
  | { readonly type: 'door-stopped' };

export type HouseToDoor =
  | { readonly type: 'durable-done'; readonly requestId: number; readonly ok: boolean; readonly error: string }
  | {
      readonly type: 'read-black-box';
      readonly requestId: number;
      readonly vehicleIds: readonly string[];
      readonly fromMs: number;
      readonly toMs: number;
    }
  | {
      readonly type: 'phone';
      readonly requestId: number;
      readonly vehicleId: string;
      readonly payload: Uint8Array;
      readonly query: Readonly<Record<string, string>> | null;
    }
  | {
      readonly type: 'publish';
      readonly topic: string;
      readonly payload: string;
      readonly qos: 0 | 1;
      readonly retain: boolean;
    }
  | { readonly type: 'stop' };
