import { useCallback, useEffect } from 'react';
import type { CityTraffic } from '../api/types.ts';
import { type Requested, useRequest } from '../api/use-request.ts';
import { useLive, usePlatform } from '../shell/platform.tsx';

const refreshMs = 20_000;

/** The city's congestion, asked again every 20 s and after every gap. */
export function useCityTraffic(): Requested<CityTraffic> {
  const { http } = usePlatform();
  const { refetch, phase } = useLive();
  const city = useRequest(useCallback((signal) => http.json<CityTraffic>('/api/v1/traffic/city', { signal }), [http]));
  const { reload } = city;
  useEffect(() => {
    if (phase !== 'open') return;
    const timer = setInterval(reload, refreshMs);
    return () => clearInterval(timer);
  }, [phase, reload]);
  useEffect(() => {
    if (refetch > 0) reload();
  }, [refetch, reload]);
  return city;
}
