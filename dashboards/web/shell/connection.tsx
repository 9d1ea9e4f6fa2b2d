import { useLanguage } from '../language/language.tsx';
import { useNow } from '../language/now.ts';
import styles from './connection.module.css';
import { useLive } from './platform.tsx';

/** What is alive right now, over the map. */
export function LiveChips() {
  const { words, formats } = useLanguage();
  const { phase, totalVehicles, warnings } = useLive();
  const urgent = Math.max(0, ...[...warnings.values()].map((warning) => warning.stage));
  return (
    <div className={styles.chips}>
      <span className={styles.chip} data-phase={phase}>
        <i className={styles.dot} />
        {phase === 'open' ? words.live : phase === 'lost' ? words.lostTitle : words.connecting}
      </span>
      {phase !== 'connecting' && (
        <span className={styles.chip}>{words.vehiclesInView(totalVehicles, formats.whole(totalVehicles))}</span>
      )}
      {warnings.size > 0 && (
        <span className={styles.chip} data-stage={urgent}>
          {words.activeWarnings(warnings.size, formats.whole(warnings.size))}
        </span>
      )}
    </div>
  );
}

/** The connection is gone: says so, and how old everything on the page is. */
export function LostBanner() {
  const { words, formats } = useLanguage();
  const { phase, lastFrameMs } = useLive();
  const now = useNow();
  if (phase !== 'lost') return null;
  return (
    <div className={styles.banner} role="alert">
      <strong>{words.lostTitle}</strong>
      <span>
        {lastFrameMs === null
          ? words.lostNever
          : words.lostDetail(formats.age(Math.max(0, (now - lastFrameMs) / 1000)))}
      </span>
    </div>
  );
}
