import type { Map as LibreMap } from 'maplibre-gl';
import type { LonLat } from '../api/types.ts';
import type { Segments } from '../live/segments.ts';
import type { MeasuredRoad } from './route-jam.ts';
import { citySource, roadsLayer } from './style.ts';

/** Gives the roads their congestion through feature state: the tiles are never sent again. */
export class CongestionPainter {
  readonly #map: LibreMap;
  readonly #segments: Segments;
  readonly #stop: () => void;

  constructor(map: LibreMap, segments: Segments, onPainted: () => void) {
    this.#map = map;
    this.#segments = segments;
    map.once('load', () => this.paintAll());
    this.#stop = segments.onChange((changed) => {
      if (this.#map.getSource(citySource) === undefined) return;
      for (const segmentId of changed) this.#paint(segmentId);
      onPainted();
    });
  }

  paintAll(): void {
    for (const [segmentId] of this.#segments.entries()) this.#paint(segmentId);
  }

  /** The measured roads among those the map has loaded, each once. */
  measuredRoads(): MeasuredRoad[] {
    const roads: MeasuredRoad[] = [];
    for (const feature of this.#map.querySourceFeatures(citySource, { sourceLayer: roadsLayer })) {
      const state = this.#segments.get(Number(feature.id));
      if (state === undefined) continue;
      const { geometry } = feature;
      const lines =
        geometry.type === 'LineString'
          ? [geometry.coordinates]
          : geometry.type === 'MultiLineString'
            ? geometry.coordinates
            : [];
      for (const line of lines)
        roads.push({
          coordinates: line.map((point: readonly number[]): LonLat => [point[0]!, point[1]!]),
          jamFactor: state.jamFactor,
        });
    }
    return roads;
  }

  stop(): void {
    this.#stop();
  }

  #paint(segmentId: number): void {
    const state = this.#segments.get(segmentId);
    if (state === undefined) return;
    this.#map.setFeatureState({ source: citySource, sourceLayer: roadsLayer, id: segmentId }, { jam: state.jamFactor });
  }
}
