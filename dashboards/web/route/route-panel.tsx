import { Button } from 'react-aria-components';
import type { LonLat } from '../api/types.ts';
import type { Dictionary } from '../language/dictionary.ts';
import { useLanguage } from '../language/language.tsx';
import { CopyButton } from '../shell/copy-button.tsx';
import { Glyph } from '../shell/glyph.tsx';
import { toolGlyphs } from '../shell/glyphs.ts';
import { PlaceField } from './place-field.tsx';
import styles from './route.module.css';
import { RouteOptions } from './route-options.tsx';
import type { RouteEnd, RouteSearch } from './use-route-search.ts';

export function RoutePanel({
  search,
  onPicking,
  onPlace,
}: {
  readonly search: RouteSearch;
  readonly onPicking: () => void;
  readonly onPlace: (point: LonLat) => void;
}) {
  const { words } = useLanguage();
  const pick = (end: RouteEnd) => {
    const next = search.picking === end ? undefined : end;
    search.startPicking(next);
    if (next !== undefined) onPicking();
  };
  return (
    <div className={styles.panel}>
      <div className={styles.ends}>
        {(['from', 'to'] as const).map((end) => (
          <PlaceField
            key={end}
            label={end === 'from' ? words.routeFrom : words.routeTo}
            place={search[end]}
            picking={search.picking === end}
            onPlace={(place) => search.set(end, place)}
            onPick={() => pick(end)}
          />
        ))}
        <div className={styles.row}>
          <Button className="button plain" onPress={search.swap} isDisabled={!search.from && !search.to}>
            <Glyph path={toolGlyphs.swap} size={18} />
            {words.routeSwap}
          </Button>
          <Button className="button plain" onPress={search.clear} isDisabled={!search.from && !search.to}>
            <Glyph path={toolGlyphs.close} size={18} />
            {words.routeClear}
          </Button>
        </div>
      </div>
      {search.from === undefined || search.to === undefined ? (
        <p className={styles.hint}>{words.routeHint}</p>
      ) : search.error !== undefined ? (
        <div className={styles.failed} role="alert">
          <p>{failureText(words, search.error.code, search.error.status)}</p>
          <Button className="button" onPress={search.reload}>
            {words.retry}
          </Button>
        </div>
      ) : search.answer === undefined ? (
        <p className={styles.hint} role="status">
          {words.loading}
        </p>
      ) : (
        <>
          <RouteOptions search={search} routes={search.answer.routes} onPlace={onPlace} />
          <CopyButton text={location.href} label={words.routeShare} />
        </>
      )}
    </div>
  );
}

function failureText(words: Dictionary, code: string, status: number): string {
  if (code.includes('no-road-nearby')) return words.routeNoSegment;
  if (code.includes('no-route') || status === 404) return words.routeNone;
  if (status === 503 || status === 501) return words.routeUnavailable;
  return words.routeFailed;
}
