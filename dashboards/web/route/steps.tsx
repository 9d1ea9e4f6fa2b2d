import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import type { LonLat, RouteOption } from '../api/types.ts';
import { useLanguage } from '../language/language.tsx';
import { Glyph } from '../shell/glyph.tsx';
import { toolGlyphs } from '../shell/glyphs.ts';
import styles from './route.module.css';

/** Turn by turn; a step shows its place. */
export function Steps({ route, onPlace }: { readonly route: RouteOption; readonly onPlace: (point: LonLat) => void }) {
  const { words, formats } = useLanguage();
  return (
    <Disclosure className={styles.steps!}>
      <Heading level={3}>
        <Button slot="trigger" className={styles.stepsButton!}>
          {words.routeSteps}
          <Glyph path={toolGlyphs.chevron} size={18} />
        </Button>
      </Heading>
      <DisclosurePanel>
        <ol className={styles.stepList}>
          {route.legs
            .flatMap((leg) => leg.steps)
            .map((step, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the steps of one route never move
              <li key={index}>
                <Button className={styles.step!} onPress={() => onPlace(step.maneuver.location)}>
                  <span dir="auto">{step.instruction}</span>
                  <span className={styles.stepLength}>{formats.distance(step.distance)}</span>
                </Button>
              </li>
            ))}
        </ol>
      </DisclosurePanel>
    </Disclosure>
  );
}
