import type { Map as LibreMap } from 'maplibre-gl';
import type { LiveWarning } from '../../../messages/index.ts';
import {
  type DrawnPlace,
  placeAt,
  staleSeconds,
  type VehicleTrack,
  type VehicleTracks,
} from '../live/vehicle-tracks.ts';
import type { Palette } from './palette.ts';
import { drawVehicle } from './vehicle-shapes.ts';

const dotZoom = 13;

export interface VehicleScene {
  readonly tracks: VehicleTracks;
  readonly warnings: () => Iterable<LiveWarning>;
  /** True while nothing new arrives: everything is drawn as stale. */
  readonly lost: () => boolean;
  readonly reducedMotion: () => boolean;
}

/**
 * Draws the vehicles on a canvas above the map, every animation frame, so that they move smoothly while the map itself rests.
 * Also draws, for roles that see vehicles, an arc from a warned vehicle to the place it was warned of.
 */
export class VehicleCanvas {
  readonly #map: LibreMap;
  readonly #scene: VehicleScene;
  readonly #canvas: HTMLCanvasElement;
  readonly #pen: CanvasRenderingContext2D;
  #palette: Palette;
  #selected: string | undefined;
  #request = 0;
  #lastMotionMs = 0;

  constructor(map: LibreMap, scene: VehicleScene, palette: Palette) {
    this.#map = map;
    this.#scene = scene;
    this.#palette = palette;
    this.#canvas = document.createElement('canvas');
    this.#canvas.dataset.layer = 'vehicles';
    this.#canvas.setAttribute('aria-hidden', 'true');
    this.#canvas.style.cssText = 'position:absolute;inset:0;pointer-events:none';
    // Below the markers, which live in the same container.
    map.getCanvas().after(this.#canvas);
    const pen = this.#canvas.getContext('2d');
    if (pen === null) throw new Error('This browser has no 2D canvas');
    this.#pen = pen;
    map.on('resize', this.#resize);
    map.on('render', this.#draw);
    this.#resize();
    this.#request = requestAnimationFrame(this.#animate);
  }

  setPalette(palette: Palette): void {
    this.#palette = palette;
  }

  select(vehicleId: string | undefined): void {
    this.#selected = vehicleId;
    this.#draw();
  }

  /** The vehicle nearest to a point of the map in CSS pixels, within a finger's width; undefined when there is none. */
  at(x: number, y: number): VehicleTrack | undefined {
    const nowMs = Date.now();
    let best: VehicleTrack | undefined;
    let bestDistance = 22;
    for (const track of this.#scene.tracks.values()) {
      const place = placeAt(track, nowMs);
      const point = this.#map.project([place.lon, place.lat]);
      const distance = Math.hypot(point.x - x, point.y - y);
      if (distance < bestDistance) {
        best = track;
        bestDistance = distance;
      }
    }
    return best;
  }

  remove(): void {
    cancelAnimationFrame(this.#request);
    this.#map.off('resize', this.#resize);
    this.#map.off('render', this.#draw);
    this.#canvas.remove();
  }

  readonly #resize = (): void => {
    const box = this.#map.getCanvas();
    const ratio = devicePixelRatio;
    this.#canvas.width = Math.round(box.clientWidth * ratio);
    this.#canvas.height = Math.round(box.clientHeight * ratio);
    this.#canvas.style.width = `${box.clientWidth}px`;
    this.#canvas.style.height = `${box.clientHeight}px`;
    this.#draw();
  };

  readonly #animate = (time: number): void => {
    this.#request = requestAnimationFrame(this.#animate);
    // Who asked for less motion gets one step a second, like the data.
    if (time - this.#lastMotionMs < (this.#scene.reducedMotion() ? 1000 : 30)) return;
    this.#lastMotionMs = time;
    this.#draw();
  };

  readonly #draw = (): void => {
    const pen = this.#pen;
    const ratio = devicePixelRatio;
    const width = this.#canvas.width / ratio;
    const height = this.#canvas.height / ratio;
    const zoom = this.#map.getZoom();
    const bearing = this.#map.getBearing();
    const lost = this.#scene.lost();
    const nowMs = Date.now();
    // 78271.517 m a pixel at zoom 0 on the equator with 512 px tiles.
    const pixelsPerMetre = 2 ** zoom / (78_271.517 * Math.cos((this.#map.getCenter().lat * Math.PI) / 180));
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    this.#drawArcs(nowMs);
    let drawn = 0;
    for (const track of this.#scene.tracks.values()) {
      const place = placeAt(track, nowMs);
      const point = this.#map.project([place.lon, place.lat]);
      if (point.x < -40 || point.y < -40 || point.x > width + 40 || point.y > height + 40) continue;
      const stale = lost || place.ageSeconds > staleSeconds;
      const colour = this.#colour(track, stale);
      pen.setTransform(ratio, 0, 0, ratio, point.x * ratio, point.y * ratio);
      pen.globalAlpha = stale ? 0.6 : 1;
      if (zoom < dotZoom && track.stage === 0) this.#dot(track, colour, zoom);
      else {
        if (track.stage > 0 && !stale) this.#halo(track, nowMs);
        pen.rotate(((place.headingDeg - bearing) * Math.PI) / 180);
        drawVehicle(pen, track.stationType, colour, this.#palette.vehicleEdge, pixelsPerMetre, zoom);
      }
      if (track.id === this.#selected) this.#ring();
      drawn += 1;
    }
    pen.globalAlpha = 1;
    this.#canvas.dataset.drawn = String(drawn);
  };

  #colour(track: VehicleTrack, stale: boolean): string {
    if (stale) return this.#palette.stale;
    if (track.stage > 0) return this.#palette.stages[track.stage];
    if (track.stationType === 10) return this.#palette.emergency;
    if (track.stationType === 6 || track.stationType === 11) return this.#palette.bus;
    return this.#palette.stages[0];
  }

  /** Far out a vehicle is a dot that fades, so that a full city does not become a carpet. */
  #dot(track: VehicleTrack, colour: string, zoom: number): void {
    const pen = this.#pen;
    pen.globalAlpha *= Math.max(0.35, Math.min(0.9, (zoom - 9) / 4));
    pen.fillStyle = colour;
    pen.beginPath();
    pen.arc(0, 0, track.stationType === 5 ? 2 : 3, 0, 2 * Math.PI);
    pen.fill();
  }

  #halo(track: VehicleTrack, nowMs: number): void {
    const pen = this.#pen;
    const phase = this.#scene.reducedMotion() ? 0.5 : (nowMs % 1200) / 1200;
    pen.strokeStyle = this.#palette.stages[track.stage];
    pen.lineWidth = track.stage === 3 ? 3 : 2;
    pen.globalAlpha = 1 - phase;
    pen.beginPath();
    pen.arc(0, 0, 12 + 12 * phase, 0, 2 * Math.PI);
    pen.stroke();
    pen.globalAlpha = 1;
  }

  #ring(): void {
    const pen = this.#pen;
    pen.strokeStyle = this.#palette.route;
    pen.lineWidth = 2.5;
    pen.beginPath();
    pen.arc(0, 0, 17, 0, 2 * Math.PI);
    pen.stroke();
  }

  #drawArcs(nowMs: number): void {
    const pen = this.#pen;
    for (const warning of this.#scene.warnings()) {
      const track = warning.vehicleId === undefined ? undefined : this.#scene.tracks.get(warning.vehicleId);
      if (track === undefined) continue;
      const from = this.#project(placeAt(track, nowMs));
      const to = this.#project(warning);
      const bend = Math.min(60, Math.hypot(to.x - from.x, to.y - from.y) * 0.2);
      pen.strokeStyle = this.#palette.stages[warning.stage];
      pen.lineWidth = warning.stage;
      pen.setLineDash([6, 5]);
      pen.lineDashOffset = this.#scene.reducedMotion() ? 0 : -(nowMs / 40) % 11;
      pen.beginPath();
      pen.moveTo(from.x, from.y);
      pen.quadraticCurveTo((from.x + to.x) / 2, (from.y + to.y) / 2 - bend, to.x, to.y);
      pen.stroke();
      pen.setLineDash([]);
    }
  }

  #project(place: Pick<DrawnPlace, 'lon' | 'lat'>): { readonly x: number; readonly y: number } {
    return this.#map.project([place.lon, place.lat]);
  }
}
