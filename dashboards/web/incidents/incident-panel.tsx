import { Button } from 'react-aria-components';
import type { LonLat } from '../api/types.ts';
import { useLanguage } from '../language/language.tsx';
import { FollowBox } from './follow-box.tsx';
import { IncidentCard } from './incident-card.tsx';
import { IncidentList } from './incident-list.tsx';
import styles from './incidents.module.css';
import type { Incidents } from './use-incidents.ts';

export function IncidentPanel({
  incidents,
  selected,
  onSelect,
  onPlace,
}: {
  readonly incidents: Incidents;
  readonly selected: string | undefined;
  readonly onSelect: (trackingCode: string | undefined) => void;
  readonly onPlace: (point: LonLat) => void;
}) {
  const { words } = useLanguage();
  if (selected !== undefined)
    return (
      <IncidentCard
        key={selected}
        trackingCode={selected}
        summary={incidents.byCode.get(selected)}
        onBack={() => onSelect(undefined)}
        onPlace={onPlace}
      />
    );
  return (
    <>
      {incidents.error !== undefined && (
        <div className={styles.failed} role="alert">
          <p>{words.incidentsFailed}</p>
          <Button className="button" onPress={incidents.reload}>
            {words.retry}
          </Button>
        </div>
      )}
      {incidents.list.length > 0 ? (
        <IncidentList incidents={incidents.list} onSelect={onSelect} />
      ) : incidents.loading ? (
        <p className={styles.quiet}>{words.loading}</p>
      ) : (
        incidents.error === undefined && (
          <div className={styles.empty}>
            <strong>{words.incidentsEmpty}</strong>
            <p>{words.incidentsEmptyHint}</p>
          </div>
        )
      )}
      <FollowBox onFound={onSelect} />
    </>
  );
}
