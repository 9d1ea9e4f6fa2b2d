import { wrapLongitude } from './front-bumper.ts';
import { etsiEpochMs } from './instants.ts';
import { isVehicleId } from './vehicle-id.ts';
import { StationType } from './vehicle-state.ts';
import type { Warning } from './warning.ts';

export interface DenmSender {
  /** `source_uuid`: who publishes, also the uuid of the topic. */
  readonly sourceUuid: string;
  /** ETSI station id of the platform, 0..4294967295. */
  readonly stationId: number;
  /** Of the alert, 0..65535, the same for update and cancellation: `DenmSequence.numberOf(alertId)`. */
  readonly sequenceNumber: number;
  /** UTC ms: becomes `timestamp` and `reference_time`. */
  readonly nowMs: number;
}

const maxValidity = 86_400;
/** A cancellation must outlive the way to its last receiver, s. */
const cancellationValidity = 10;

/**
 * A warning as an ETSI DENM in Orange's JSON 2.3.0, for `denmTopic` at the quadkey of its place. Stage 0 makes the
 * cancellation (`termination` 0, no situation). Times are ETSI ms without leap seconds, as Orange's clients write them.
 * Nothing of the warned driver is in it: place, cause, quality, validity.
 * Throws RangeError for a sender outside its ranges or a position that is not finite.
 */
export function encodeDenm(warning: Warning, sender: DenmSender): string {
  checkSender(sender);
  const { place, stage } = warning;
  if (!(Math.abs(place.lat) <= 90) || !Number.isFinite(place.lon))
    throw new RangeError(`DENM event position ${place.lat}, ${place.lon}: degrees are needed`);
  const cancelled = stage === 0;
  const remaining = Math.ceil((warning.validUntilMs - sender.nowMs) / 1000);
  return JSON.stringify({
    message_type: 'denm',
    source_uuid: sender.sourceUuid,
    timestamp: Math.round(sender.nowMs),
    version: '2.3.0',
    message: {
      protocol_version: 2,
      station_id: sender.stationId,
      management: {
        action_id: { originating_station_id: sender.stationId, sequence_number: sender.sequenceNumber },
        detection_time: Math.round(warning.issuedMs) - etsiEpochMs,
        reference_time: Math.round(sender.nowMs) - etsiEpochMs,
        ...(cancelled && { termination: 0 }),
        event_position: {
          latitude: Math.round(place.lat * 1e7),
          longitude: Math.round(wrapLongitude(place.lon) * 1e7),
          position_confidence_ellipse: { semi_major: 4095, semi_minor: 4095, semi_major_orientation: 3601 },
          altitude: { value: 800_001, confidence: 15 },
        },
        awareness_distance: warning.distance < 1000 ? 4 : 5,
        traffic_direction: comesFromAhead(warning) ? 0 : 1,
        validity_duration: Math.min(maxValidity, Math.max(cancelled ? cancellationValidity : 1, remaining)),
        station_type: StationType.roadSideUnit,
      },
      ...(!cancelled && {
        situation: {
          information_quality: qualityOf(warning.probability),
          event_type: { cause: warning.causeCode, subcause: warning.subCauseCode },
        },
      }),
    },
  });
}

/** Those who drive against the stream matter to both directions; everything else to who comes from behind. */
const comesFromAhead = (warning: Warning): boolean => warning.class === 'head-on' || warning.class === 'wrong-way';

/** Probability [0, 1] to 1 (lowest) .. 7 (highest). */
const qualityOf = (probability: number): number => Math.min(7, Math.max(1, 1 + Math.floor(probability * 7)));

function checkSender(sender: DenmSender): void {
  if (!isVehicleId(sender.sourceUuid))
    throw new RangeError(`DENM sourceUuid ${JSON.stringify(sender.sourceUuid)}: 1..64 characters of [A-Za-z0-9_.:-]`);
  checkInteger('stationId', sender.stationId, 0, 4_294_967_295);
  checkInteger('sequenceNumber', sender.sequenceNumber, 0, 65_535);
  checkInteger('nowMs', Math.round(sender.nowMs), etsiEpochMs, etsiEpochMs + 4_398_046_511_102);
}

function checkInteger(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max)
    throw new RangeError(`DENM ${name} ${value}: an integer in [${min}, ${max}] is needed`);
}
