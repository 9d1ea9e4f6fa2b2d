import { type Map as LibreMap, Marker } from 'maplibre-gl';
import type { IncidentSummary, LiveWarning } from '../../../messages/index.ts';
import { incidentGlyphs, warningGlyphs } from '../shell/glyphs.ts';
import styles from './markers.module.css';

interface Pin {
  readonly marker: Marker;
  readonly element: HTMLElement;
}

/** Markers kept equal to a keyed set of things; bounded by the caller's set. */
class PinSet<T> {
  readonly #pins = new Map<string, Pin>();
  readonly #map: LibreMap;
  readonly #create: (item: T) => HTMLElement;
  readonly #update: (element: HTMLElement, item: T) => void;
  readonly #anchor: 'center' | 'bottom';

  constructor(
    map: LibreMap,
    anchor: 'center' | 'bottom',
    create: (item: T) => HTMLElement,
    update: (element: HTMLElement, item: T) => void,
  ) {
    this.#map = map;
    this.#anchor = anchor;
    this.#create = create;
    this.#update = update;
  }

  show(items: ReadonlyMap<string, T>, place: (item: T) => { readonly lon: number; readonly lat: number }): void {
    for (const [key, pin] of this.#pins) {
      if (items.has(key)) continue;
      pin.marker.remove();
      this.#pins.delete(key);
    }
    for (const [key, item] of items) {
      const at = place(item);
      let pin = this.#pins.get(key);
      if (pin === undefined) {
        const element = this.#create(item);
        const marker = new Marker({ element, anchor: this.#anchor }).setLngLat([at.lon, at.lat]).addTo(this.#map);
        pin = { marker, element };
        this.#pins.set(key, pin);
      } else pin.marker.setLngLat([at.lon, at.lat]);
      this.#update(pin.element, item);
    }
  }
}

export interface MarkerWords {
  readonly warning: (warning: LiveWarning) => string;
  readonly incident: (incident: IncidentSummary) => string;
}

/** Pulses where a warning points to, with the sign of its class. */
export function createWarningPins(map: LibreMap, words: () => MarkerWords): PinSet<LiveWarning> {
  return new PinSet<LiveWarning>(
    map,
    'center',
    (warning) => {
      const element = document.createElement('div');
      element.className = styles.warning!;
      element.append(span(styles.pulse!), drawing(warningGlyphs[warning.class]));
      return element;
    },
    (element, warning) => {
      element.dataset.stage = String(warning.stage);
      element.setAttribute('role', 'img');
      element.setAttribute('aria-label', words().warning(warning));
      element.title = words().warning(warning);
    },
  );
}

/** Pins of incidents; buttons, so that the keyboard reaches them. */
export function createIncidentPins(
  map: LibreMap,
  words: () => MarkerWords,
  onSelect: (trackingCode: string) => void,
  selected: () => string | undefined,
): PinSet<IncidentSummary> {
  return new PinSet<IncidentSummary>(
    map,
    'bottom',
    (incident) => {
      const element = document.createElement('button');
      element.type = 'button';
      element.className = styles.incident!;
      const sign = span(styles.sign!);
      sign.append(drawing(incidentGlyphs[incident.kind]));
      element.append(sign);
      element.addEventListener('click', (event) => {
        event.stopPropagation();
        onSelect(incident.trackingCode);
      });
      return element;
    },
    (element, incident) => {
      element.dataset.severity = incident.severity;
      element.dataset.over = String(incident.state === 'cleared' || incident.state === 'rejected');
      element.dataset.code = incident.trackingCode;
      element.dataset.selected = String(incident.trackingCode === selected());
      element.setAttribute('aria-label', words().incident(incident));
      element.title = words().incident(incident);
    },
  );
}

/** Start (ring) and end (pin) of a route. */
export function createEndPins(map: LibreMap): PinSet<{ lon: number; lat: number; end: 'from' | 'to' }> {
  return new PinSet(
    map,
    'center',
    (item) => {
      const element = span(styles.end!);
      element.dataset.end = item.end;
      return element;
    },
    () => {},
  );
}

function span(className: string): HTMLElement {
  const element = document.createElement('span');
  element.className = className;
  return element;
}

function drawing(path: string): SVGElement {
  const name = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(name, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'glyph');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(name, 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}
