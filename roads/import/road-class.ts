import { RoadClass } from '../graph/index.ts';

/** `RoadClass` of an OSM highway value (links count as their class); undefined when it is no road of ours. */
export function roadClassOf(highway: string): number | undefined {
  return CLASSES[highway.replace(/_link$/, '')];
}

const CLASSES: Readonly<Record<string, number>> = {
  motorway: RoadClass.motorway,
  trunk: RoadClass.trunk,
  primary: RoadClass.primary,
  secondary: RoadClass.secondary,
  tertiary: RoadClass.tertiary,
  unclassified: RoadClass.unclassified,
  residential: RoadClass.residential,
  living_street: RoadClass.livingStreet,
  service: RoadClass.service,
  road: RoadClass.unknown,
  cycleway: RoadClass.cycleway,
  footway: RoadClass.footway,
  path: RoadClass.footway,
  pedestrian: RoadClass.footway,
  steps: RoadClass.footway,
  track: RoadClass.service,
};
