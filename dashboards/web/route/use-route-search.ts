import { useCallback, useMemo, useState } from 'react';
import type { ApiError } from '../api/http.ts';
import type { LonLat, RouteAnswer } from '../api/types.ts';
import { useRequest } from '../api/use-request.ts';
import { useLanguage } from '../language/language.tsx';
import type { ShownRoute } from '../map/city-map.ts';
import { lonLatText } from '../shell/address.ts';
import { usePlatform } from '../shell/platform.tsx';

export type RouteEnd = 'from' | 'to';

export interface EndPlace {
  readonly point: LonLat;
  /** '' for a point of a shared link: shown as its coordinates. */
  readonly name: string;
}

export interface RouteSearch {
  readonly from: EndPlace | undefined;
  readonly to: EndPlace | undefined;
  readonly set: (end: RouteEnd, place: EndPlace | undefined) => void;
  readonly swap: () => void;
  readonly clear: () => void;
  /** The end that the next click on the map sets. */
  readonly picking: RouteEnd | undefined;
  readonly startPicking: (end: RouteEnd | undefined) => void;
  readonly pick: (point: LonLat, name: string) => void;
  readonly answer: RouteAnswer | undefined;
  readonly chosen: number;
  readonly choose: (index: number) => void;
  readonly loading: boolean;
  readonly error: ApiError | undefined;
  readonly reload: () => void;
  readonly shown: ShownRoute;
}

/** State of the route search; `from` and `to` come from a shared link. */
export function useRouteSearch(from: LonLat | undefined, to: LonLat | undefined): RouteSearch {
  const { http } = usePlatform();
  const { language } = useLanguage();
  const [ends, setEnds] = useState<{ from: EndPlace | undefined; to: EndPlace | undefined }>({
    from: from === undefined ? undefined : { point: from, name: '' },
    to: to === undefined ? undefined : { point: to, name: '' },
  });
  const [picking, setPicking] = useState<RouteEnd>();
  const [chosen, choose] = useState(0);
  const { from: start, to: goal } = ends;

  const load = useMemo(() => {
    if (start === undefined || goal === undefined) return undefined;
    const query = `from=${lonLatText(start.point)}&to=${lonLatText(goal.point)}&alternatives=2&language=${language}`;
    return (signal: AbortSignal) => {
      choose(0);
      return http.json<RouteAnswer>(`/api/v1/route?${query}`, { signal });
    };
  }, [http, start, goal, language]);
  const request = useRequest<RouteAnswer>(load);
  const answer = request.error === undefined && load !== undefined ? request.value : undefined;

  const set = useCallback((end: RouteEnd, place: EndPlace | undefined) => {
    setEnds((before) => ({ ...before, [end]: place }));
    setPicking(undefined);
  }, []);
  const shown = useMemo<ShownRoute>(
    () => ({ from: start?.point, to: goal?.point, routes: answer?.routes ?? [], chosen }),
    [start, goal, answer, chosen],
  );
  return {
    from: start,
    to: goal,
    set,
    swap: () => setEnds({ from: goal, to: start }),
    clear: () => {
      setEnds({ from: undefined, to: undefined });
      setPicking(undefined);
    },
    picking,
    startPicking: setPicking,
    pick: (point, name) => {
      if (picking === undefined) return;
      set(picking, { point, name });
      // Two clicks make a route: after the start the map asks for the end.
      if (picking === 'from' && goal === undefined) setPicking('to');
    },
    answer,
    chosen,
    choose,
    loading: request.loading,
    error: request.error,
    reload: request.reload,
    shown,
  };
}
