import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import 'maplibre-gl/dist/maplibre-gl.css';
import type { IncidentSummary } from '../../../messages/index.ts';
import type { LonLat, Status } from '../api/types.ts';
import { useLanguage } from '../language/language.tsx';
import { incidentKind, incidentState, stageName } from '../language/terms.ts';
import { useLive, usePlatform } from '../shell/platform.tsx';
import { reducedMotion } from '../shell/theme.ts';
import { CityMap, type Covered, type ShownRoute } from './city-map.ts';
import styles from './map-view.module.css';
import type { MarkerWords } from './markers.ts';
import type { Theme } from './palette.ts';

export interface MapHandle {
  flyTo(point: LonLat): void;
  fit(points: readonly LonLat[]): void;
  wholeCity(): void;
  zoomBy(step: 1 | -1): void;
}

export interface MapViewProps {
  readonly ref: Ref<MapHandle>;
  readonly status: Status;
  readonly theme: Theme;
  readonly view: readonly [number, number, number] | undefined;
  readonly covered: Covered;
  readonly incidents: ReadonlyMap<string, IncidentSummary>;
  readonly selectedIncident: string | undefined;
  readonly selectedVehicle: string | undefined;
  readonly route: ShownRoute;
  readonly picking: boolean;
  /** The map can be told where to look from now on. */
  readonly onReady: () => void;
  readonly onView: (view: readonly [number, number, number]) => void;
  readonly onClick: (point: LonLat, vehicleId: string | undefined) => void;
  readonly onIncident: (trackingCode: string) => void;
}

/** The map; its own chunk, loaded after the page is there. */
export default function MapView(props: MapViewProps) {
  const { words, formats } = useLanguage();
  const { live } = usePlatform();
  const { warnings } = useLive();
  const container = useRef<HTMLDivElement>(null);
  const map = useRef<CityMap>(undefined);
  const latest = useRef(props);
  const [failure, setFailure] = useState<string>();
  latest.current = props;

  const speak = useRef<MarkerWords>(undefined);
  speak.current = {
    warning: (warning) =>
      `${stageName(words, warning.stage)}: ${words.warningClasses[warning.class]}, ${warning.street ?? words.unnamedStreet}`,
    incident: (incident) =>
      `${words.openIncident(incidentKind(words, incident.kind), incident.place.street ?? words.unnamedStreet)} (${incidentState(words, incident.state)}, ${formats.time(Date.parse(incident.occurredAt))})`,
  };

  useEffect(() => {
    if (container.current === null) return;
    const first = latest.current;
    let made: CityMap;
    try {
      made = new CityMap({
        container: container.current,
        status: first.status,
        theme: first.theme,
        live,
        words: () => speak.current!,
        reducedMotion,
        view: first.view,
        onView: (view) => latest.current.onView(view),
        onClick: (point, vehicleId) => latest.current.onClick(point, vehicleId),
        onIncident: (code) => latest.current.onIncident(code),
      });
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      return;
    }
    map.current = made;
    first.onReady();
    return () => {
      map.current = undefined;
      made.remove();
    };
  }, [live]);

  useEffect(() => map.current?.setLabel(words.mapLabel), [words]);
  useEffect(() => map.current?.setTheme(props.theme), [props.theme]);
  useEffect(() => map.current?.setCovered(props.covered), [props.covered]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another language changes the markers' names
  useEffect(() => map.current?.showWarnings(warnings), [warnings, words]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another language changes the markers' names
  useEffect(
    () => map.current?.showIncidents(props.incidents, props.selectedIncident),
    [props.incidents, props.selectedIncident, words],
  );
  useEffect(() => map.current?.selectVehicle(props.selectedVehicle), [props.selectedVehicle]);
  useEffect(() => map.current?.showRoute(props.route), [props.route]);
  useImperativeHandle(props.ref, () => ({
    flyTo: (point) => map.current?.flyTo(point),
    fit: (points) => map.current?.fit(points),
    wholeCity: () => map.current?.wholeCity(),
    zoomBy: (step) => map.current?.zoomBy(step),
  }));

  if (failure !== undefined)
    return (
      <div className={styles.failed} role="alert">
        <strong>{words.mapFailed}</strong>
        <bdi dir="ltr">{failure}</bdi>
      </div>
    );
  return (
    <div className={styles.frame} data-picking={props.picking}>
      <div ref={container} className={styles.map} data-testid="map" dir="ltr" />
    </div>
  );
}
