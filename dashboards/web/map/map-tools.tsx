import type { RefObject } from 'react';
import { Button } from 'react-aria-components';
import { useLanguage } from '../language/language.tsx';
import { Glyph } from '../shell/glyph.tsx';
import { toolGlyphs } from '../shell/glyphs.ts';
import styles from './map-tools.module.css';
import type { MapHandle } from './map-view.tsx';

/** Our own map controls: translated, and on the side that the language's layout leaves free. */
export function MapTools({ map }: { readonly map: RefObject<MapHandle | null> }) {
  const { words } = useLanguage();
  return (
    <div className={styles.tools}>
      <Button className="button square" aria-label={words.zoomIn} onPress={() => map.current?.zoomBy(1)}>
        <Glyph path={toolGlyphs.plus} />
      </Button>
      <Button className="button square" aria-label={words.zoomOut} onPress={() => map.current?.zoomBy(-1)}>
        <Glyph path={toolGlyphs.minus} />
      </Button>
      <Button className="button square" aria-label={words.wholeCity} onPress={() => map.current?.wholeCity()}>
        <Glyph path={toolGlyphs.city} />
      </Button>
    </div>
  );
}
