import { useEffect, useState } from 'react';
import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from 'react-aria-components';
import type { Page, Place } from '../api/types.ts';
import { useLanguage } from '../language/language.tsx';
import { searchInput } from '../language/normalise.ts';
import { Glyph } from '../shell/glyph.tsx';
import { toolGlyphs } from '../shell/glyphs.ts';
import { usePlatform } from '../shell/platform.tsx';
import styles from './route.module.css';
import type { EndPlace } from './use-route-search.ts';

const waitMs = 180;

/** One end of the route: found by name, or chosen on the map. */
export function PlaceField({
  label,
  place,
  picking,
  onPlace,
  onPick,
}: {
  readonly label: string;
  readonly place: EndPlace | undefined;
  readonly picking: boolean;
  readonly onPlace: (place: EndPlace | undefined) => void;
  readonly onPick: () => void;
}) {
  const { words, formats } = useLanguage();
  const { http } = usePlatform();
  const [text, setText] = useState('');
  const [found, setFound] = useState<readonly (Place & { readonly id: string })[]>([]);
  const [answered, setAnswered] = useState(false);
  const shown = place === undefined ? '' : place.name || formats.coordinates(place.point[0], place.point[1]);
  useEffect(() => setText(shown), [shown]);

  const query = searchInput(text);
  useEffect(() => {
    if (query === '' || text === shown) {
      setFound([]);
      setAnswered(false);
      return;
    }
    const controller = new AbortController();
    setAnswered(false);
    const timer = setTimeout(() => {
      http
        .json<Page<Place>>(`/api/v1/places?q=${encodeURIComponent(query)}`, { signal: controller.signal })
        .then(({ items }) => {
          setFound(items.map((item, index) => ({ ...item, id: `${index} ${item.name}` })));
          setAnswered(true);
        })
        // No answer leaves the list as it is: the map still chooses.
        .catch(() => undefined);
    }, waitMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [http, query, text, shown]);

  return (
    <ComboBox
      className={styles.place!}
      items={found}
      inputValue={text}
      onInputChange={(next) => {
        setText(next);
        if (next === '' && place !== undefined) onPlace(undefined);
      }}
      onSelectionChange={(key) => {
        const item = found.find((one) => one.id === key);
        if (item !== undefined) onPlace({ point: [item.lon, item.lat], name: item.name });
      }}
      menuTrigger="input"
      allowsEmptyCollection
      allowsCustomValue
    >
      <Label className={styles.placeLabel!}>{label}</Label>
      <div className={styles.placeRow}>
        <Input className="field" placeholder={words.routePlaceholder} dir="auto" />
        <Button
          className={`button square ${styles.pick}`}
          aria-label={`${label}: ${words.routePick}`}
          aria-pressed={picking}
          data-selected={picking || undefined}
          slot={null}
          onPress={onPick}
        >
          <Glyph path={toolGlyphs.target} />
        </Button>
      </div>
      <Popover className={styles.popover!}>
        <ListBox<(typeof found)[number]>
          className={styles.found!}
          renderEmptyState={() => <p className={styles.none}>{answered ? words.placesNone : words.loading}</p>}
        >
          {(item) => (
            <ListBoxItem className={styles.foundItem!} textValue={item.name}>
              <Glyph path={toolGlyphs.pin} size={18} />
              <bdi>{item.name}</bdi>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
