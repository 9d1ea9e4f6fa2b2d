import { Button } from 'react-aria-components';
import type { CityTraffic, LonLat } from '../api/types.ts';
import type { Requested } from '../api/use-request.ts';
import { useLanguage } from '../language/language.tsx';
import { useNow } from '../language/now.ts';
import { useLive } from '../shell/platform.tsx';
import { JamBar, jamWord } from './jam.tsx';
import styles from './traffic.module.css';

export function TrafficPanel({
  city,
  onPlace,
}: {
  readonly city: Requested<CityTraffic>;
  readonly onPlace: (point: LonLat) => void;
}) {
  const { words, formats } = useLanguage();
  const { clockOffsetMs } = useLive();
  const now = useNow() + clockOffsetMs;
  const { value } = city;
  if (value === undefined)
    return city.error === undefined ? (
      <p className={styles.quiet}>{words.loading}</p>
    ) : (
      <div className={styles.failed} role="alert">
        <p>{words.trafficFailed}</p>
        <Button className="button" onPress={city.reload}>
          {words.retry}
        </Button>
      </div>
    );
  return (
    <>
      <p className={styles.quiet}>
        {words.trafficMeasured(formats.share(value.coverage))}
        {value.updatedAt !== null &&
          ` · ${words.trafficUpdated(formats.age(Math.max(0, (now - Date.parse(value.updatedAt)) / 1000)))}`}
      </p>
      <h2 className={styles.heading}>{words.trafficWorst}</h2>
      {value.worst.length === 0 && (
        <p className={styles.quiet}>{value.index === null ? words.trafficUnknown : words.trafficNone}</p>
      )}
      <ol className={styles.streets}>
        {value.worst.map((segment) => {
          const middle = segment.geometry?.coordinates[Math.floor(segment.geometry.coordinates.length / 2)];
          return (
            <li key={segment.segmentId}>
              <Button
                className={styles.street!}
                isDisabled={middle === undefined}
                onPress={() => middle !== undefined && onPlace(middle)}
              >
                <span className={styles.streetName}>
                  <bdi>{segment.street ?? words.unnamedStreet}</bdi>
                </span>
                <span className={styles.streetLevel}>
                  {segment.jamFactor === null ? words.levelUnknown : jamWord(words, segment.jamFactor)}
                </span>
                <JamBar jamFactor={segment.jamFactor} />
                {segment.currentSpeed !== null && (
                  <span className={styles.streetSpeed}>
                    {words.trafficOf(formats.whole(segment.currentSpeed), formats.speed(segment.freeFlowSpeed))}
                  </span>
                )}
              </Button>
            </li>
          );
        })}
      </ol>
    </>
  );
}
