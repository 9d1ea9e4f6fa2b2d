import { persianInstruction } from './instructions.ts';
import { listAt, numberAt, path, textAt } from './json-path.ts';
import type { LonLat, RouteAnswer, RouteOption, RouteQuery } from './types.ts';

const lonLat = (value: unknown): LonLat =>
  Array.isArray(value) ? [Number(value[0]), Number(value[1])] : [Number.NaN, Number.NaN];

function step(raw: unknown, language: RouteQuery['language']): RouteOption['legs'][number]['steps'][number] {
  const name = textAt(raw, 'name');
  const type = textAt(raw, 'maneuver', 'type');
  const modifier = textAt(raw, 'maneuver', 'modifier');
  const instruction =
    language === 'fa'
      ? persianInstruction(type, modifier, name, numberAt(raw, 'maneuver', 'exit'))
      : textAt(raw, 'maneuver', 'instruction');
  return {
    distance: numberAt(raw, 'distance'),
    duration: numberAt(raw, 'duration'),
    name,
    instruction,
    maneuver: { type, location: lonLat(path(raw, 'maneuver', 'location')) },
  };
}

/** The engine's OSRM-format answer without its traffic part, which is measured per route. */
export function untimedRoutes(raw: unknown, language: RouteQuery['language']): Omit<RouteOption, 'traffic'>[] {
  return listAt(raw, 'routes').map((route) => ({
    distance: numberAt(route, 'distance'),
    duration: numberAt(route, 'duration'),
    geometry: { type: 'LineString' as const, coordinates: listAt(route, 'geometry', 'coordinates').map(lonLat) },
    legs: listAt(route, 'legs').map((leg) => ({
      distance: numberAt(leg, 'distance'),
      duration: numberAt(leg, 'duration'),
      summary: textAt(leg, 'summary'),
      steps: listAt(leg, 'steps').map((item) => step(item, language)),
    })),
  }));
}

export function waypoints(raw: unknown): RouteAnswer['waypoints'] {
  return listAt(raw, 'waypoints').map((point) => ({
    location: lonLat(path(point, 'location')),
    name: textAt(point, 'name'),
    distance: numberAt(point, 'distance'),
  }));
}
