import { GridList, GridListItem } from 'react-aria-components';
import type { IncidentSummary } from '../../../messages/index.ts';
import { useLanguage } from '../language/language.tsx';
import { useNow } from '../language/now.ts';
import { incidentKind, incidentSeverity, incidentState } from '../language/terms.ts';
import { Glyph } from '../shell/glyph.tsx';
import { incidentGlyphs } from '../shell/glyphs.ts';
import { useLive } from '../shell/platform.tsx';
import styles from './incidents.module.css';

export function IncidentList({
  incidents,
  onSelect,
}: {
  readonly incidents: readonly IncidentSummary[];
  readonly onSelect: (trackingCode: string) => void;
}) {
  const { words, formats } = useLanguage();
  const { clockOffsetMs } = useLive();
  const now = useNow() + clockOffsetMs;
  return (
    <GridList
      className={styles.list!}
      aria-label={words.tabIncidents}
      items={incidents.map((incident) => ({ ...incident, id: incident.trackingCode }))}
      dependencies={[now, words]}
      onAction={(key) => onSelect(String(key))}
    >
      {(incident) => {
        const kind = incidentKind(words, incident.kind);
        const place = incident.place.street ?? words.unnamedStreet;
        return (
          <GridListItem
            className={styles.item!}
            textValue={words.openIncident(kind, place)}
            data-code={incident.trackingCode}
            data-over={incident.state === 'cleared' || incident.state === 'rejected'}
          >
            <span className={styles.sign} data-severity={incident.severity}>
              <Glyph path={incidentGlyphs[incident.kind]} size={22} />
            </span>
            <span className={styles.itemBody}>
              <span className={styles.itemTitle}>
                <b>{kind}</b>
                <time dateTime={incident.occurredAt}>
                  {formats.age(Math.max(0, (now - Date.parse(incident.occurredAt)) / 1000))}
                </time>
              </span>
              <span className={styles.itemPlace}>
                <bdi>{place}</bdi>
              </span>
              <span className={styles.itemFacts}>
                <span className={styles.state} data-state={incident.state}>
                  {incidentState(words, incident.state)}
                </span>
                <span>{incidentSeverity(words, incident.severity)}</span>
                <span>{words.vehiclesInView(incident.vehicles, formats.whole(incident.vehicles))}</span>
              </span>
            </span>
          </GridListItem>
        );
      }}
    </GridList>
  );
}
