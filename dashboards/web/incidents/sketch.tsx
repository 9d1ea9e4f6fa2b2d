import { useCallback } from 'react';
import { useRequest } from '../api/use-request.ts';
import { useLanguage } from '../language/language.tsx';
import { usePlatform } from '../shell/platform.tsx';
import styles from './incidents.module.css';

/** The accident sketch. Fetched with the reader's token and shown as an image, so that nothing in it can run. */
export function Sketch({ trackingCode }: { readonly trackingCode: string }) {
  const { words, language } = useLanguage();
  const { http } = usePlatform();
  const sketch = useRequest(
    useCallback(
      (signal) =>
        http.text(`/api/v1/incidents/${encodeURIComponent(trackingCode)}/sketch.svg`, {
          signal,
          headers: { 'accept-language': language },
        }),
      [http, trackingCode, language],
    ),
  );
  return (
    <section>
      <h3 className={styles.heading}>{words.sketch}</h3>
      {sketch.value !== undefined ? (
        <figure className={styles.sketch}>
          <img src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(sketch.value)}`} alt={words.sketch} />
          <figcaption>{words.sketchNote}</figcaption>
        </figure>
      ) : (
        <p className={styles.quiet}>{sketch.error === undefined ? words.loading : words.sketchMissing}</p>
      )}
    </section>
  );
}
