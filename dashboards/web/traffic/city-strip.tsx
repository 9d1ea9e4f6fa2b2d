import type { CityTraffic } from '../api/types.ts';
import type { Requested } from '../api/use-request.ts';
import { useLanguage } from '../language/language.tsx';
import { JamBar, jamWord } from './jam.tsx';
import styles from './traffic.module.css';

/** The city in one line: how congested it is now and the slowest street. */
export function CityStrip({ city }: { readonly city: Requested<CityTraffic> }) {
  const { words, formats } = useLanguage();
  const index = city.value?.index ?? null;
  const worst = city.value?.worst[0];
  return (
    <section className={styles.strip} aria-label={words.trafficIndex}>
      <p className={styles.index}>
        <b className="number">{index === null ? '–' : formats.decimal(index)}</b>
        <span>{words.trafficIndex}</span>
      </p>
      <div className={styles.stripDetail}>
        <p className={styles.stripWord}>{index === null ? words.trafficUnknown : jamWord(words, index)}</p>
        <JamBar jamFactor={index} />
        {worst?.jamFactor != null && (
          <p className={styles.stripWorst}>
            <bdi>{worst.street ?? words.unnamedStreet}</bdi>: {jamWord(words, worst.jamFactor)}
          </p>
        )}
      </div>
    </section>
  );
}
