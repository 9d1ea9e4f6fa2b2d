import type { LonLat } from '../api/types.ts';

/** A piece of road with its congestion. */
export interface MeasuredRoad {
  readonly coordinates: readonly LonLat[];
  readonly jamFactor: number;
}

export interface RoutePiece {
  readonly coordinates: readonly LonLat[];
  /** null where no measurement lies on the way. */
  readonly jamFactor: number | null;
}

const metresPerDegree = 111_320;
const nearMetres = 14;
/** cos of 40 degrees: the road must run the way the route goes, or the opposite carriageway would answer. */
const sameWay = 0.766;

/** Cuts a route into runs of equal jam factor by the nearest measured road that runs the same way, within 14 m. */
export function routeByCongestion(route: readonly LonLat[], roads: readonly MeasuredRoad[]): RoutePiece[] {
  const pieces: { coordinates: LonLat[]; jamFactor: number | null }[] = [];
  for (let index = 1; index < route.length; index += 1) {
    const from = route[index - 1]!;
    const to = route[index]!;
    const jamFactor = jamAlong(from, to, roads);
    const last = pieces.at(-1);
    if (last !== undefined && last.jamFactor === jamFactor) last.coordinates.push(to);
    else pieces.push({ coordinates: [from, to], jamFactor });
  }
  return pieces;
}

function jamAlong(from: LonLat, to: LonLat, roads: readonly MeasuredRoad[]): number | null {
  const scale = Math.cos((from[1] * Math.PI) / 180) * metresPerDegree;
  const middleX = ((from[0] + to[0]) / 2) * scale;
  const middleY = ((from[1] + to[1]) / 2) * metresPerDegree;
  const routeX = (to[0] - from[0]) * scale;
  const routeY = (to[1] - from[1]) * metresPerDegree;
  const routeLength = Math.hypot(routeX, routeY);
  let best = nearMetres;
  let jamFactor: number | null = null;
  for (const road of roads) {
    for (let index = 1; index < road.coordinates.length; index += 1) {
      const a = road.coordinates[index - 1]!;
      const b = road.coordinates[index]!;
      const ax = a[0] * scale - middleX;
      const ay = a[1] * metresPerDegree - middleY;
      const dx = (b[0] - a[0]) * scale;
      const dy = (b[1] - a[1]) * metresPerDegree;
      const squared = dx * dx + dy * dy;
      if (squared === 0 || routeX * dx + routeY * dy < sameWay * routeLength * Math.sqrt(squared)) continue;
      const along = Math.max(0, Math.min(1, -(ax * dx + ay * dy) / squared));
      const distance = Math.hypot(ax + along * dx, ay + along * dy);
      if (distance < best) {
        best = distance;
        jamFactor = road.jamFactor;
      }
    }
  }
  return jamFactor;
}
