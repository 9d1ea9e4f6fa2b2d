import { useCallback } from 'react';
import { Button } from 'react-aria-components';
import type { IncidentSummary } from '../../../messages/index.ts';
import type { IncidentDetail, LonLat } from '../api/types.ts';
import { useRequest } from '../api/use-request.ts';
import { useLanguage } from '../language/language.tsx';
import { useNow } from '../language/now.ts';
import { incidentKind, incidentSeverity, incidentState } from '../language/terms.ts';
import { CopyButton } from '../shell/copy-button.tsx';
import { Glyph } from '../shell/glyph.tsx';
import { incidentGlyphs, toolGlyphs } from '../shell/glyphs.ts';
import { useGrant, useLive, usePlatform } from '../shell/platform.tsx';
import { Evidence } from './evidence.tsx';
import styles from './incidents.module.css';
import { Sketch } from './sketch.tsx';
import { Timeline } from './timeline.tsx';

/** All that is known of one incident, as far as the reader's role may know it. */
export function IncidentCard({
  trackingCode,
  summary,
  onBack,
  onPlace,
}: {
  readonly trackingCode: string;
  readonly summary: IncidentSummary | undefined;
  readonly onBack: () => void;
  readonly onPlace: (point: LonLat) => void;
}) {
  const { words, formats } = useLanguage();
  const { http } = usePlatform();
  const { clockOffsetMs } = useLive();
  const grant = useGrant();
  const now = useNow() + clockOffsetMs;
  // Asked again when the incident changed or somebody else is signed in.
  const version = `${summary?.state} ${summary?.severity} ${summary?.vehicles} ${grant?.name}`;
  const detail = useRequest(
    // biome-ignore lint/correctness/useExhaustiveDependencies: `version` is the reload trigger
    useCallback(
      (signal) => http.json<IncidentDetail>(`/api/v1/incidents/${encodeURIComponent(trackingCode)}`, { signal }),
      [http, trackingCode, version],
    ),
  );
  const known: IncidentDetail | undefined =
    detail.value === undefined ? summary : { ...detail.value, ...(summary ?? {}) };
  const back = (
    <Button className={`button plain ${styles.back}`} onPress={onBack}>
      <Glyph path={toolGlyphs.back} flip size={18} />
      {words.back}
    </Button>
  );
  if (known === undefined)
    return (
      <>
        {back}
        <p className={styles.quiet} role="status">
          {detail.error === undefined
            ? words.loading
            : detail.error.status === 404
              ? words.followMissing
              : words.incidentsFailed}
        </p>
      </>
    );
  const { place } = known;
  const full = known.evidence !== undefined || known.vehicleIds !== undefined;
  return (
    <article className={styles.card} aria-labelledby="incident-title">
      {back}
      <header className={styles.cardHead}>
        <span className={styles.sign} data-severity={known.severity}>
          <Glyph path={incidentGlyphs[known.kind]} size={26} />
        </span>
        <div>
          <h2 id="incident-title">{incidentKind(words, known.kind)}</h2>
          <p>
            <bdi>{place.street ?? words.unnamedStreet}</bdi>
            {' · '}
            {formats.age(Math.max(0, (now - Date.parse(known.occurredAt)) / 1000))}
          </p>
        </div>
      </header>
      <p className={styles.itemFacts}>
        <span className={styles.state} data-state={known.state}>
          {incidentState(words, known.state)}
        </span>
        <span>{incidentSeverity(words, known.severity)}</span>
      </p>
      <div className={styles.code}>
        <span>{words.trackingCode}</span>
        <bdi dir="ltr">{known.trackingCode}</bdi>
        <CopyButton text={known.trackingCode} />
      </div>
      <dl className={styles.facts}>
        <dt>{words.occurred}</dt>
        <dd>{formats.dateTime(Date.parse(known.occurredAt))}</dd>
        <dt>{words.vehiclesInvolved}</dt>
        <dd>{formats.whole(known.vehicles)}</dd>
        <dt>{words.coordinates}</dt>
        <dd>
          <bdi dir="ltr" className={styles.latin}>
            {formats.coordinates(place.lon, place.lat)}
          </bdi>
        </dd>
      </dl>
      <Button className="button" onPress={() => onPlace([place.lon, place.lat])}>
        <Glyph path={toolGlyphs.target} size={18} />
        {words.showOnMap}
      </Button>
      <Timeline incident={known} />
      {full ? (
        <>
          <Evidence incident={known} />
          <Sketch trackingCode={known.trackingCode} />
        </>
      ) : (
        !detail.loading && <p className={styles.note}>{words.publicOnly}</p>
      )}
    </article>
  );
}
