import { useCallback, useEffect, useMemo } from 'react';
import type { IncidentSummary } from '../../../messages/index.ts';
import type { ApiError } from '../api/http.ts';
import type { Page } from '../api/types.ts';
import { useRequest } from '../api/use-request.ts';
import { useLive, usePlatform } from '../shell/platform.tsx';
import { byUrgency } from './urgency.ts';

export interface Incidents {
  readonly byCode: ReadonlyMap<string, IncidentSummary>;
  /** Most urgent first. */
  readonly list: readonly IncidentSummary[];
  readonly loading: boolean;
  readonly error: ApiError | undefined;
  readonly reload: () => void;
}

/** The incidents of the platform: fetched at first and after every gap, then kept by the stream. */
export function useIncidents(): Incidents {
  const { http, live } = usePlatform();
  const { incidents, refetch } = useLive();
  const page = useRequest(
    useCallback((signal) => http.json<Page<IncidentSummary>>('/api/v1/incidents?limit=100', { signal }), [http]),
  );
  const { value, reload } = page;
  useEffect(() => {
    if (value !== undefined) live.incidentsFetched(value.items);
  }, [value, live]);
  useEffect(() => {
    if (refetch > 0) reload();
  }, [refetch, reload]);
  const list = useMemo(() => [...incidents.values()].sort(byUrgency), [incidents]);
  return { byCode: incidents, list, loading: page.loading, error: page.error, reload };
}
