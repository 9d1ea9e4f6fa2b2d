import { type GeoJSONSource, Map as LibreMap, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { IncidentSummary, LiveWarning } from '../../../messages/index.ts';
import type { LonLat, RouteOption, Status } from '../api/types.ts';
import type { Live } from '../live/live.ts';
import { CongestionPainter } from './congestion-painter.ts';
import { addFacilityIcons } from './facility-icons.ts';
import { createEndPins, createIncidentPins, createWarningPins, type MarkerWords } from './markers.ts';
import { palettes, type Theme } from './palette.ts';
import { routeFeatures } from './route-features.ts';
import { mapStyle, routeSource } from './style.ts';
import { VehicleCanvas } from './vehicle-canvas.ts';

export interface CityMapOptions {
  readonly container: HTMLElement;
  readonly status: Status;
  readonly theme: Theme;
  readonly live: Live;
  readonly words: () => MarkerWords;
  readonly reducedMotion: () => boolean;
  /** [zoom, lat, lon] of a shared link. */
  readonly view: readonly [number, number, number] | undefined;
  readonly onView: (view: readonly [number, number, number]) => void;
  readonly onClick: (point: LonLat, vehicleId: string | undefined) => void;
  readonly onIncident: (trackingCode: string) => void;
}

export interface ShownRoute {
  readonly from: LonLat | undefined;
  readonly to: LonLat | undefined;
  readonly routes: readonly RouteOption[];
  readonly chosen: number;
}

/** Room of the map that is covered by the panel or the sheet, px. */
export interface Covered {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
}

/** The MapLibre map of the city with everything the page draws on it. Throws when WebGL 2 is missing. */
export class CityMap {
  readonly #options: CityMapOptions;
  readonly #map: LibreMap;
  readonly #vehicles: VehicleCanvas;
  readonly #congestion: CongestionPainter;
  readonly #warningPins: ReturnType<typeof createWarningPins>;
  readonly #incidentPins: ReturnType<typeof createIncidentPins>;
  readonly #endPins: ReturnType<typeof createEndPins>;
  #theme: Theme;
  #selected: string | undefined;
  #route: ShownRoute = { from: undefined, to: undefined, routes: [], chosen: 0 };
  #covered: Covered = { left: 0, right: 0, bottom: 0 };

  constructor(options: CityMapOptions) {
    setWorkerUrl(workerUrl);
    this.#options = options;
    this.#theme = options.theme;
    const { live, status } = options;
    this.#map = new LibreMap({
      container: options.container,
      style: mapStyle(palettes[options.theme], location.origin, status.map.attribution),
      attributionControl: false,
      ...(options.view === undefined
        ? { bounds: middleOf(status.map.bounds) }
        : { zoom: options.view[0], center: [options.view[2], options.view[1]] as [number, number] }),
      minZoom: 9,
      maxZoom: 20,
      maxPitch: 0,
      dragRotate: false,
      pitchWithRotate: false,
      fadeDuration: options.reducedMotion() ? 0 : 200,
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#vehicles = new VehicleCanvas(
      this.#map,
      {
        tracks: live.vehicles,
        warnings: () => live.state().warnings.values(),
        lost: () => live.state().phase === 'lost',
        reducedMotion: options.reducedMotion,
      },
      palettes[options.theme],
    );
    this.#congestion = new CongestionPainter(this.#map, live.segments, () => this.#paintRoute());
    this.#warningPins = createWarningPins(this.#map, options.words);
    this.#incidentPins = createIncidentPins(this.#map, options.words, options.onIncident, () => this.#selected);
    this.#endPins = createEndPins(this.#map);
    this.#map.once('style.load', () => addFacilityIcons(this.#map, palettes[this.#theme]));
    this.#map.on('load', () => this.#lookedAt());
    this.#map.on('moveend', () => this.#lookedAt());
    this.#map.on('idle', () => {
      options.container.dataset.idle = 'true';
      this.#paintRoute();
    });
    this.#map.on('click', (event) => {
      options.onClick([event.lngLat.lng, event.lngLat.lat], this.#vehicles.at(event.point.x, event.point.y)?.id);
    });
  }

  setTheme(theme: Theme): void {
    if (theme === this.#theme) return;
    this.#theme = theme;
    this.#map.setStyle(mapStyle(palettes[theme], location.origin, this.#options.status.map.attribution));
    this.#vehicles.setPalette(palettes[theme]);
    this.#map.once('styledata', () => {
      addFacilityIcons(this.#map, palettes[theme]);
      this.#paintRoute(true);
      this.#congestion.paintAll();
    });
  }

  /** Name of the map for screen readers. */
  setLabel(label: string): void {
    this.#map.getCanvas().setAttribute('aria-label', label);
  }

  showWarnings(warnings: ReadonlyMap<string, LiveWarning>): void {
    this.#warningPins.show(warnings, (warning) => warning);
  }

  showIncidents(incidents: ReadonlyMap<string, IncidentSummary>, selected: string | undefined): void {
    this.#selected = selected;
    this.#incidentPins.show(incidents, (incident) => incident.place);
  }

  selectVehicle(vehicleId: string | undefined): void {
    this.#vehicles.select(vehicleId);
  }

  showRoute(route: ShownRoute): void {
    this.#route = route;
    const ends = new Map<string, { lon: number; lat: number; end: 'from' | 'to' }>();
    if (route.from !== undefined) ends.set('from', { lon: route.from[0], lat: route.from[1], end: 'from' });
    if (route.to !== undefined) ends.set('to', { lon: route.to[0], lat: route.to[1], end: 'to' });
    this.#endPins.show(ends, (end) => end);
    this.#paintRoute(true);
  }

  /** Shows all of the given points. */
  fit(points: readonly LonLat[]): void {
    const lons = points.map((point) => point[0]);
    const lats = points.map((point) => point[1]);
    this.#map.fitBounds([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], {
      padding: this.#padding(48),
      maxZoom: 17,
      animate: !this.#options.reducedMotion(),
    });
  }

  flyTo(point: LonLat): void {
    this.#map.easeTo({
      center: [point[0], point[1]],
      zoom: Math.max(this.#map.getZoom(), 16.5),
      padding: this.#padding(0),
      animate: !this.#options.reducedMotion(),
    });
  }

  wholeCity(): void {
    const [west, south, east, north] = this.#options.status.map.bounds;
    this.#map.fitBounds([west, south, east, north], {
      padding: this.#padding(24),
      animate: !this.#options.reducedMotion(),
    });
  }

  zoomBy(step: 1 | -1): void {
    this.#map.easeTo({ zoom: this.#map.getZoom() + step, animate: !this.#options.reducedMotion() });
  }

  setCovered(covered: Covered): void {
    this.#covered = covered;
  }

  remove(): void {
    this.#vehicles.remove();
    this.#congestion.stop();
    this.#map.remove();
  }

  #padding(extra: number) {
    const { left, right, bottom } = this.#covered;
    return { left: left + extra, right: right + extra, bottom: bottom + extra, top: extra };
  }

  #lookedAt(): void {
    const bounds = this.#map.getBounds();
    this.#options.live.lookAt([bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()]);
    const center = this.#map.getCenter();
    this.#options.onView([this.#map.getZoom(), center.lat, center.lng]);
  }

  #paintedRoute = '';

  /** Repainted when the route, the congestion or the loaded roads changed; `idle` calls it too, so equal pictures are skipped. */
  #paintRoute(always = false): void {
    const source = this.#map.getSource<GeoJSONSource>(routeSource);
    if (source === undefined) return;
    const data = routeFeatures(this.#route, this.#congestion.measuredRoads());
    const picture = JSON.stringify(data);
    if (!always && picture === this.#paintedRoute) return;
    this.#paintedRoute = picture;
    source.setData(data);
  }
}

/** The page opens on the middle of the map, three fifths of its width: that is where a city is dense. */
function middleOf([west, south, east, north]: Status['map']['bounds']): [number, number, number, number] {
  const side = (east - west) / 5;
  const height = (north - south) / 5;
  return [west + side, south + height, east - side, north - height];
}
