import type { AlertEvent } from '../collision/index.ts';
import type { FleetRegistry } from '../ingest/index.ts';
import {
  DenmSequence,
  denmTopic,
  encodeDenm,
  encodeWarning,
  hazardTopic,
  quadkeyOf,
  type Warning,
  warningTopic,
} from '../messages/index.ts';
import type { RoadGraph } from '../roads/graph/index.ts';

/** Everything near a hazard hears of it: one tile of about a kilometre, its subscribers take the neighbours too. */
const hazardTileLevel = 15;
/** A hazard is told to its tile at most this often, ms; and this many hazards are remembered. */
const hazardRepeatMs = 5_000;
const hazardsRemembered = 4_096;
/** Depth of its-client topics, and the station id under which the platform speaks. */
const denmTileLevel = 22;
const stationId = 1;
const denmRoot = 'rahban';
const denmSource = 'rahban_core';

export interface WarningDesk {
  /** Sends what the core decided to the drivers concerned and to the tile of the place; returns the warnings sent. */
  send(events: readonly AlertEvent[]): readonly Warning[];
  counters(): Readonly<Record<string, number>>;
}

/** Turns the core's slots into vehicles and its alerts into messages. `publish` is the broker's, `runId` makes alert ids unique across restarts. */
export function createWarningDesk(
  registry: FleetRegistry,
  graph: RoadGraph,
  publish: (topic: string, payload: string) => void,
  runId: string,
  nowMs: () => number,
): WarningDesk {
  // A run begins elsewhere in the number space than the last one, so that receivers do not take its events for old ones.
  const sequence = new DenmSequence(Number.parseInt(runId.slice(0, 4), 16));
  const lastTold = new Map<string, number>();
  let sent = 0;
  let orphaned = 0;
  let unsayable = 0;

  function warningOf(event: AlertEvent): Warning | undefined {
    const vehicleId = registry.idOf(event.slot);
    if (vehicleId === undefined || registry.generationOf(event.slot) !== event.generation) return undefined;
    const street = event.edge >= 0 ? graph.strings[graph.edgeName[event.edge] ?? 0] : undefined;
    return {
      v: 1,
      alertId: `${runId}-${event.alertId}`,
      vehicleId,
      stage: event.stage,
      prevStage: event.prevStage,
      class: event.class,
      causeCode: event.causeCode,
      subCauseCode: event.subCauseCode,
      place: { lat: event.lat, lon: event.lon, ...(street ? { street } : {}) },
      distance: event.distance,
      eta: event.eta,
      requiredDeceleration: event.requiredDeceleration,
      probability: event.probability,
      ...(event.adviceSpeed > 0 ? { adviceSpeed: event.adviceSpeed } : {}),
      why: event.why,
      issuedMs: event.issuedMs,
      validUntilMs: event.validUntilMs,
      ...(event.hazardId >= 0 ? { hazardId: `${runId}-h${event.hazardId}` } : {}),
      causeTimestampMs: event.causeTimestampMs,
    };
  }

  /** To everybody near: the hazard without the name of the vehicle that was warned. */
  function tellTile(warning: Warning): void {
    if (warning.hazardId === undefined || warning.stage === 0) return;
    const last = lastTold.get(warning.hazardId) ?? Number.NEGATIVE_INFINITY;
    if (warning.issuedMs - last < hazardRepeatMs) return;
    if (lastTold.size >= hazardsRemembered) lastTold.delete(lastTold.keys().next().value as string);
    lastTold.delete(warning.hazardId);
    lastTold.set(warning.hazardId, warning.issuedMs);
    const { hazardId, class: kind, causeCode, subCauseCode, place, probability, issuedMs, validUntilMs } = warning;
    publish(
      hazardTopic(quadkeyOf(place.lat, place.lon, hazardTileLevel)),
      JSON.stringify({
        v: 1,
        hazardId,
        class: kind,
        causeCode,
        subCauseCode,
        place,
        probability,
        issuedMs,
        validUntilMs,
      }),
    );
  }

  /** The same event for its-client stations near the place; the cancellation frees its number. */
  function tellStations(warning: Warning): void {
    const { lat, lon } = warning.place;
    const sender = {
      sourceUuid: denmSource,
      stationId,
      sequenceNumber: sequence.numberOf(warning.alertId),
      nowMs: nowMs(),
    };
    publish(denmTopic(denmRoot, denmSource, quadkeyOf(lat, lon, denmTileLevel)), encodeDenm(warning, sender));
    if (warning.stage === 0) sequence.release(warning.alertId);
  }

  return {
    send: (events) => {
      const warnings: Warning[] = [];
      for (const event of events) {
        const warning = warningOf(event);
        if (warning === undefined) {
          orphaned += 1;
          continue;
        }
        try {
          publish(warningTopic(warning.vehicleId), encodeWarning(warning));
          tellTile(warning);
          tellStations(warning);
        } catch {
          // A number that is not finite cannot be said on the wire: one warning is lost and counted, the others go out.
          unsayable += 1;
          continue;
        }
        warnings.push(warning);
        sent += 1;
      }
      return warnings;
    },
    counters: () => ({
      warningsSent: sent,
      warningsUnsayable: unsayable,
      alertsOrphaned: orphaned,
      hazardsToldNow: lastTold.size,
    }),
  };
}
