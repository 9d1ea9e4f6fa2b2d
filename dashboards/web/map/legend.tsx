import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import { useLanguage } from '../language/language.tsx';
import { Glyph } from '../shell/glyph.tsx';
import { incidentGlyphs, toolGlyphs } from '../shell/glyphs.ts';
import { usePhone } from '../shell/theme.ts';
import styles from './legend.module.css';
import { jamLevels } from './palette.ts';

/** What the colours, widths and signs of the map mean, with numbers. */
export function Legend() {
  const { words, formats } = useLanguage();
  const phone = usePhone();
  const range = (low: number, high: number) => `${formats.short(low)}–${formats.short(high)}`;
  const { slow, heavy, standing } = jamLevels;
  const levels = [
    ['free', words.levelFree, range(0, slow)],
    ['slow', words.levelSlow, range(slow, heavy)],
    ['heavy', words.levelHeavy, range(heavy, standing)],
    ['standing', words.levelStanding, range(standing, 10)],
    ['unknown', words.levelUnknown, ''],
  ] as const;
  return (
    <Disclosure className={styles.legend!} defaultExpanded={!phone && innerWidth >= 1600 && innerHeight > 760}>
      <Heading level={2} className={styles.title!}>
        <Button slot="trigger" className={styles.button!}>
          <Glyph path={toolGlyphs.legend} size={18} flip />
          <span>{words.legend}</span>
          <svg className={styles.scale} viewBox="0 0 64 10" aria-hidden="true">
            {levels.slice(0, 4).map(([level], index) => (
              <rect key={level} data-level={level} x={index * 16} y={4 - index} width="15" height={2 + index * 2} />
            ))}
          </svg>
        </Button>
      </Heading>
      <DisclosurePanel className={styles.panel!}>
        <h3>{words.legendTraffic}</h3>
        <ul>
          {levels.map(([level, name, numbers]) => (
            <li key={level}>
              <svg className={styles.line} data-level={level} viewBox="0 0 34 12" aria-hidden="true">
                <line x1="2" y1="6" x2="32" y2="6" />
                {level === 'standing' && <line className={styles.stripes} x1="2" y1="6" x2="32" y2="6" />}
              </svg>
              <span>{name}</span>
              <span className={styles.numbers}>{numbers}</span>
            </li>
          ))}
        </ul>
        <h3>{words.legendVehicles}</h3>
        <ul>
          {(
            [
              ['car', words.stationTypes.car],
              ['bus', words.stationTypes.bus],
              ['special', words.stationTypes.special],
              ['stale', words.legendStale],
            ] as const
          ).map(([kind, name]) => (
            <li key={kind}>
              <svg className={styles.vehicle} data-kind={kind} viewBox="0 0 34 24" aria-hidden="true">
                <path
                  d={kind === 'bus' ? 'M17 1q5 4 5 7v14q-5 2-10 0V8q0-3 5-7z' : 'M17 4q6 4 6 8v8q-6-3-12 0v-8q0-4 6-8z'}
                />
              </svg>
              <span>{name}</span>
            </li>
          ))}
        </ul>
        <h3>{words.legendWarnings}</h3>
        <ul>
          {([words.stageAdvisory, words.stageWarning, words.stageImminent] as const).map((name, index) => (
            <li key={name}>
              <i className={styles.pulse} data-stage={index + 1} />
              <span>{name}</span>
            </li>
          ))}
          <li>
            <span className={styles.pin}>
              <Glyph path={incidentGlyphs.crash} size={13} />
            </span>
            <span>{words.legendIncident}</span>
          </li>
        </ul>
      </DisclosurePanel>
    </Disclosure>
  );
}
