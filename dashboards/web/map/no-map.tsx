import { useLanguage } from '../language/language.tsx';
import styles from './no-map.module.css';

/** True when the browser can draw the map. */
export function hasWebGl2(): boolean {
  return document.createElement('canvas').getContext('webgl2') !== null;
}

/** Stands where the map would be. */
export function NoMap() {
  const { words } = useLanguage();
  return (
    <div className={styles.notice} role="status">
      <h2>{words.noWebglTitle}</h2>
      <p>{words.noWebglText}</p>
    </div>
  );
}
