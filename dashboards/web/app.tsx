import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { LonLat, Status } from './api/types.ts';
import { useRequest } from './api/use-request.ts';
import { useIncidents } from './incidents/use-incidents.ts';
import { useLanguage } from './language/language.tsx';
import { Legend } from './map/legend.tsx';
import { MapTools } from './map/map-tools.tsx';
import type { MapHandle } from './map/map-view.tsx';
import { hasWebGl2, NoMap } from './map/no-map.tsx';
import { VehicleCard } from './map/vehicle-card.tsx';
import { useRouteSearch } from './route/use-route-search.ts';
import { readAddress, type Tab, writeAddress } from './shell/address.ts';
import { Announcer } from './shell/announcer.tsx';
import { LiveChips, LostBanner } from './shell/connection.tsx';
import { Header } from './shell/header.tsx';
import { Panel, type SheetSize } from './shell/panel.tsx';
import { useLive, usePlatform } from './shell/platform.tsx';
import styles from './shell/shell.module.css';
import { usePhone, useTheme } from './shell/theme.ts';

const MapView = lazy(() => import('./map/map-view.tsx'));
const nothingCovered = { left: 0, right: 0, bottom: 0 };

export function App() {
  const { words } = useLanguage();
  const { http, live } = usePlatform();
  const { phase } = useLive();
  const [theme, setTheme] = useTheme();
  const phone = usePhone();
  const first = useMemo(() => readAddress(location.search), []);
  const [tab, setTab] = useState<Tab>(first.tab);
  const [incident, setIncident] = useState(first.incident);
  const [vehicle, setVehicle] = useState<string>();
  const [view, setView] = useState(first.view);
  const [sheet, setSheet] = useState<SheetSize>(first.incident === undefined ? 'peek' : 'half');
  const route = useRouteSearch(first.from, first.to);
  const incidents = useIncidents();
  const map = useRef<MapHandle>(null);
  const [mapReady, setMapReady] = useState(false);
  const [webgl] = useState(hasWebGl2);

  const status = useRequest(useCallback((signal) => http.json<Status>('/api/v1/status', { signal }), [http]));
  const reloadStatus = status.reload;
  useEffect(() => {
    // The page may be older than the platform's start: ask again when the stream comes up.
    if (phase === 'open' && status.error !== undefined) reloadStatus();
  }, [phase, status.error, reloadStatus]);
  useEffect(() => {
    if (status.value !== undefined && first.view === undefined) live.lookAt(status.value.map.bounds);
  }, [status.value, live, first]);

  useEffect(() => {
    const query = writeAddress({
      tab,
      ...(incident === undefined ? {} : { incident }),
      ...(route.from === undefined ? {} : { from: route.from.point }),
      ...(route.to === undefined ? {} : { to: route.to.point }),
      ...(view === undefined ? {} : { view }),
    });
    history.replaceState(null, '', `${location.pathname}${query}`);
  }, [tab, incident, route.from, route.to, view]);

  const openIncident = useCallback(
    (code: string | undefined) => {
      setIncident(code);
      if (code === undefined) return;
      setTab('incidents');
      setSheet((size) => (size === 'peek' ? 'half' : size));
      const place = live.state().incidents.get(code)?.place;
      if (place !== undefined) map.current?.flyTo([place.lon, place.lat]);
    },
    [live],
  );

  const clickMap = (point: LonLat, vehicleId: string | undefined) => {
    if (route.picking !== undefined) {
      route.pick(point, words.routePicked);
      setSheet('half');
    } else setVehicle(vehicleId);
  };

  const covered = useMemo(
    () =>
      phone ? { ...nothingCovered, bottom: sheet === 'peek' ? 150 : Math.round(innerHeight * 0.5) } : nothingCovered,
    [phone, sheet],
  );
  const fitted = route.answer;
  useEffect(() => {
    const points = fitted?.routes.flatMap((option) => option.geometry.coordinates) ?? [];
    if (mapReady && points.length > 0) map.current?.fit(points);
  }, [fitted, mapReady]);

  return (
    <div className={styles.shell} data-sheet={sheet}>
      <Header theme={theme} onTheme={setTheme} demo={status.value?.demo ?? false} />
      <Panel
        tab={tab}
        onTab={(next) => {
          setTab(next);
          setSheet((size) => (size === 'peek' ? 'half' : size));
        }}
        sheet={sheet}
        onSheet={setSheet}
        incidents={incidents}
        incident={incident}
        onIncident={openIncident}
        route={route}
        onPlace={(point) => map.current?.flyTo(point)}
        onPicking={() => setSheet('peek')}
      />
      <main className={styles.stage} data-phase={phase}>
        {!webgl ? (
          <NoMap />
        ) : status.value === undefined ? (
          <div className={styles.waiting} role="status">
            {status.error === undefined ? words.loading : words.lostNever}
          </div>
        ) : (
          <Suspense fallback={<div className={styles.waiting}>{words.loading}</div>}>
            <MapView
              ref={map}
              status={status.value}
              theme={theme}
              view={first.view}
              covered={covered}
              incidents={incidents.byCode}
              selectedIncident={incident}
              selectedVehicle={vehicle}
              route={route.shown}
              picking={route.picking !== undefined}
              onReady={() => setMapReady(true)}
              onView={setView}
              onClick={clickMap}
              onIncident={openIncident}
            />
          </Suspense>
        )}
        <div className={styles.top}>
          <LostBanner />
          {route.picking !== undefined && <p className={styles.hint}>{words.routePicking}</p>}
          <LiveChips />
        </div>
        {webgl && <MapTools map={map} />}
        {webgl && <Legend />}
        {vehicle !== undefined && <VehicleCard vehicleId={vehicle} onClose={() => setVehicle(undefined)} />}
        <p className={styles.attribution} dir="ltr">
          {status.value?.map.attribution}
        </p>
      </main>
      <Announcer />
    </div>
  );
}
