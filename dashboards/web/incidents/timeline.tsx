import { warningClasses } from '../../../messages/index.ts';
import type { IncidentDetail } from '../api/types.ts';
import type { Dictionary } from '../language/dictionary.ts';
import type { Formats } from '../language/formats.ts';
import { useLanguage } from '../language/language.tsx';
import styles from './incidents.module.css';

interface Moment {
  readonly atMs: number;
  readonly text: string;
  readonly vehicleId?: string;
  readonly main?: boolean;
}

/** What happened when, oldest first: warnings before, the event, the reports, the record. */
export function Timeline({ incident }: { readonly incident: IncidentDetail }) {
  const { words, formats } = useLanguage();
  return (
    <section>
      <h3 className={styles.heading}>{words.timeline}</h3>
      <ol className={styles.timeline}>
        {momentsOf(incident, words, formats).map((moment) => (
          <li key={`${moment.atMs} ${moment.text} ${moment.vehicleId}`} data-main={moment.main === true}>
            <time dateTime={new Date(moment.atMs).toISOString()}>{formats.timeOfEvent(moment.atMs)}</time>
            <span>
              {moment.text}
              {moment.vehicleId !== undefined && (
                <span className={styles.who}>
                  <bdi>{moment.vehicleId}</bdi>
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

export function momentsOf(incident: IncidentDetail, words: Dictionary, formats: Formats): Moment[] {
  const known: readonly string[] = warningClasses;
  const moments: Moment[] = [
    ...(incident.alerts ?? []).map((alert) => ({
      atMs: alert.issuedMs,
      vehicleId: alert.vehicleId,
      text: words.timelineAlert(
        known.includes(alert.class)
          ? words.warningClasses[alert.class as (typeof warningClasses)[number]]
          : alert.class,
        formats.distance(alert.distance),
      ),
    })),
    { atMs: Date.parse(incident.occurredAt), text: words.timelineOccurred, main: true },
    ...(incident.reports ?? []).map((report) => ({
      atMs: report.occurredAtMs,
      vehicleId: report.vehicleId,
      text: words.timelineReport,
    })),
    { atMs: Date.parse(incident.recordedAt), text: words.timelineRecorded },
  ];
  return moments.filter((moment) => Number.isFinite(moment.atMs)).sort((a, b) => a.atMs - b.atMs);
}
