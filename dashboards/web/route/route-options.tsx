import { Label, Radio, RadioGroup } from 'react-aria-components';
import type { LonLat, RouteOption } from '../api/types.ts';
import { useLanguage } from '../language/language.tsx';
import styles from './route.module.css';
import { Steps } from './steps.tsx';
import type { RouteSearch } from './use-route-search.ts';

/** The ways found, best first; the chosen one with its directions. */
export function RouteOptions({
  search,
  routes,
  onPlace,
}: {
  readonly search: RouteSearch;
  readonly routes: readonly RouteOption[];
  readonly onPlace: (point: LonLat) => void;
}) {
  const { words, formats } = useLanguage();
  const chosen = routes[search.chosen];
  return (
    <>
      <RadioGroup
        className={styles.options!}
        value={String(search.chosen)}
        onChange={(value) => search.choose(Number(value))}
        data-testid="routes"
      >
        <Label className="visually-hidden">{words.tabRoute}</Label>
        {routes.map((route, index) => {
          const slower = Math.round(route.traffic.minutesSlowerThanUsual);
          const via = route.legs[0]?.summary ?? '';
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the order of one answer never changes
            <Radio key={index} value={String(index)} className={styles.option!}>
              <span className={styles.optionName}>
                {index === 0 ? words.routeBest : words.routeAlternative(formats.whole(index))}
              </span>
              <span className={styles.duration}>{formats.duration(route.duration)}</span>
              <span className={styles.optionDetail}>
                {formats.distance(route.distance)}
                {via !== '' && (
                  <>
                    {' · '}
                    <bdi>{words.routeVia(via)}</bdi>
                  </>
                )}
              </span>
              <span className={styles.delay} data-slower={slower >= 1}>
                {slower >= 1 ? words.routeSlower(slower, formats.whole(slower)) : words.routeAsUsual}
              </span>
            </Radio>
          );
        })}
      </RadioGroup>
      {chosen !== undefined && (
        <>
          <p className={styles.hint}>
            {words.routeCoverage(formats.share(chosen.traffic.coverage))}
            {chosen.traffic.dataAgeSeconds !== null &&
              ` · ${words.routeDataAge(formats.age(chosen.traffic.dataAgeSeconds))}`}
          </p>
          <Steps route={chosen} onPlace={onPlace} />
        </>
      )}
    </>
  );
}
