import type { IncidentService } from '../incidents/index.ts';
import {
  ClockOffsets,
  decode,
  type Hazard,
  type IncidentReport,
  type RejectReason,
  receiptTopic,
  rejectReasons,
  type Warning,
} from '../messages/index.ts';
import type { CrashSeen, RawCopy } from '../threads/protocol.ts';
import type { SlotNames } from '../threads/slot-names.ts';

export interface IncidentDeskParts {
  readonly incidents: IncidentService;
  readonly names: SlotNames;
  readonly streetAt: (edge: number) => string | undefined;
  readonly publish: (topic: string, payload: string) => void;
  readonly log: { warn(fields: object, text: string): void };
}

/** A report may come this long after the crash (no network), ms, and its clock may be this far ahead. */
const behindMs = 30 * 86_400_000;
const aheadMs = 60_000;

/** DENM causes that are crashes: accident, post-crash. */
const crashCauses = new Set([2, 92]);

/** Brings what the door and the core know of crashes to the record, and answers the reporter when it is on disk. */
export class IncidentDesk {
  private readonly parts: IncidentDeskParts;
  private readonly clockOffsets = new ClockOffsets();
  private readonly refused = new Map<RejectReason, number>();
  private retimed = 0;
  private unnamed = 0;

  constructor(parts: IncidentDeskParts) {
    this.parts = parts;
  }

  /** A durable message: resolves when it is on disk. Rejects what can never be stored too, after counting it: its sender must learn of it. */
  async keep(message: RawCopy): Promise<void> {
    const decoded = decode(message.topic, message.payload, message.receivedMs, this.clockOffsets);
    if (!decoded.ok) {
      // Not worth a retry for ever: the sender is told by its receipt topic why, and the message is acknowledged.
      this.refused.set(decoded.reason, (this.refused.get(decoded.reason) ?? 0) + 1);
      this.receipt(message.vehicleId, { accepted: false, reason: decoded.reason, detail: decoded.detail });
      return;
    }
    const told =
      decoded.value.kind === 'incident'
        ? decoded.value.report
        : decoded.value.kind === 'hazard'
          ? crashReport(decoded.value.hazard, message.vehicleId)
          : undefined;
    if (told === undefined) return;
    const report = this.timed(told, message.receivedMs);
    const { trackingCode } = await this.parts.incidents.report(report, message);
    this.receipt(message.vehicleId, { accepted: true, reportId: report.reportId, trackingCode });
  }

  /** A crash seen by the core. Retried by nobody: a failure to store it is logged and counted by the incidents room. */
  async observe(crash: CrashSeen): Promise<void> {
    const vehicleIds: string[] = [];
    crash.slots.forEach((slot, i) => {
      const id = this.parts.names.idOf(slot, crash.generations[i] as number);
      if (id !== undefined) vehicleIds.push(id);
    });
    if (vehicleIds.length === 0) {
      this.unnamed += 1;
      return;
    }
    const street = this.parts.streetAt(crash.edge);
    try {
      await this.parts.incidents.observe({
        vehicleIds,
        occurredAtMs: crash.occurredAtMs,
        lat: crash.lat,
        lon: crash.lon,
        edge: crash.edge,
        ...(street === undefined ? {} : { street }),
        logOdds: crash.logOdds,
        evidence: crash.evidence,
      });
    } catch (error) {
      this.parts.log.warn({ error: String(error), at: crash.occurredAtMs }, 'a crash could not be recorded');
    }
  }

  noteWarning(warning: Warning): void {
    if (warning.stage === 0) return;
    const { vehicleId, stage, class: kind, issuedMs, distance } = warning;
    this.parts.incidents.noteAlert(vehicleId, { stage, class: kind, issuedMs, distance });
  }

  counters(): Readonly<Record<string, number>> {
    return { reportsRetimed: this.retimed, crashesUnnamed: this.unnamed };
  }

  /** Reports that could not be read, by reason. */
  refusals(): Readonly<Record<string, number>> {
    return Object.fromEntries(rejectReasons.map((reason) => [reason, this.refused.get(reason) ?? 0]));
  }

  /** A crash is not lost to a wrong clock: a time that cannot be is replaced by that of receipt; the raw message keeps what was sent. */
  private timed(report: IncidentReport, receivedMs: number): IncidentReport {
    const age = receivedMs - report.occurredAtMs;
    if (age >= -aheadMs && age <= behindMs) return report;
    this.retimed += 1;
    return { ...report, occurredAtMs: receivedMs };
  }

  private receipt(vehicleId: string, body: object): void {
    if (vehicleId !== '') this.parts.publish(receiptTopic(vehicleId), JSON.stringify({ v: 1, ...body }));
  }
}

/** Another system's accident message as a report; undefined for hazards that are no crash. */
function crashReport(hazard: Hazard, sourceId: string): IncidentReport | undefined {
  if (!crashCauses.has(hazard.causeCode) || hazard.termination !== undefined) return undefined;
  return {
    reportId: `denm:${hazard.hazardId}`,
    vehicleId: sourceId,
    kind: 'crash',
    occurredAtMs: hazard.detectedMs,
    lat: hazard.lat,
    lon: hazard.lon,
    ...(hazard.headingDeg === undefined ? {} : { headingDeg: hazard.headingDeg }),
  };
}
