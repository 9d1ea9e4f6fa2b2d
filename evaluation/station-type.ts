import { StationType } from '../messages/index.ts';

/** A station type guessed from the size of the body, m; unknown (0) without one. What kind of driver it is stays unread. */
export function stationTypeOf(length: number, width: number): number {
  if (!(length > 0)) return StationType.unknown;
  if (length < 1.2) return StationType.pedestrian;
  if (width > 0 && width < 1.2) return length < 2 && width < 0.75 ? StationType.cyclist : StationType.motorcycle;
  if (length < 5.5) return StationType.passengerCar;
  if (length < 9) return StationType.lightTruck;
  return length < 22 ? StationType.heavyTruck : StationType.tram;
}

/** Pedestrians and riders of two-wheelers. */
export function isVulnerable(length: number, width: number): boolean {
  const type = stationTypeOf(length, width);
  return type === StationType.pedestrian || type === StationType.cyclist || type === StationType.motorcycle;
}
