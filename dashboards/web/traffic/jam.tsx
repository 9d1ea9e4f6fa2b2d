import type { Dictionary } from '../language/dictionary.ts';
import { jamLevel } from '../map/palette.ts';
import styles from './traffic.module.css';

export const jamWord = (words: Dictionary, jamFactor: number): string =>
  ({ free: words.levelFree, slow: words.levelSlow, heavy: words.levelHeavy, standing: words.levelStanding })[
    jamLevel(jamFactor)
  ];

/** Jam factor 0..10 as a bar: longer, darker and striped when worse. Empty and grey when unknown. Decorative. */
export function JamBar({ jamFactor }: { readonly jamFactor: number | null }) {
  const share = jamFactor === null ? 0 : Math.max(4, jamFactor * 10);
  return (
    <svg className={styles.bar} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect className={styles.barTrack} width="100" height="8" rx="2" />
      {jamFactor !== null && (
        <rect className={styles.barFill} data-level={jamLevel(jamFactor)} width={share} height="8" rx="2" />
      )}
    </svg>
  );
}
