import type { LonLat } from '../api/types.ts';
import type { ShownRoute } from './city-map.ts';
import { type MeasuredRoad, routeByCongestion } from './route-jam.ts';

interface RouteFeatures {
  type: 'FeatureCollection';
  features: {
    type: 'Feature';
    properties: { chosen: boolean; jam?: number };
    geometry: { type: 'LineString'; coordinates: [number, number][] };
  }[];
}

/** What the route layers draw: the alternatives, the chosen way, and the congestion along the chosen way. */
export function routeFeatures(shown: ShownRoute, roads: readonly MeasuredRoad[]): RouteFeatures {
  const features: RouteFeatures['features'] = shown.routes.map((route, index) => ({
    type: 'Feature',
    properties: { chosen: index === shown.chosen },
    geometry: line(route.geometry.coordinates),
  }));
  const chosen = shown.routes[shown.chosen];
  if (chosen !== undefined) {
    for (const piece of routeByCongestion(chosen.geometry.coordinates, roads)) {
      if (piece.jamFactor === null) continue;
      features.push({
        type: 'Feature',
        properties: { chosen: true, jam: piece.jamFactor },
        geometry: line(piece.coordinates),
      });
    }
  }
  return { type: 'FeatureCollection', features };
}

const line = (points: readonly LonLat[]): RouteFeatures['features'][number]['geometry'] => ({
  type: 'LineString',
  coordinates: points.map((point) => [point[0], point[1]]),
});
