/** What the page tells apart of the ETSI station types; lists and legend use these names. */
export const stationTypeNames = [
  'unknown',
  'pedestrian',
  'cyclist',
  'motorcycle',
  'car',
  'bus',
  'truck',
  'special',
  'tram',
  'roadside',
] as const;
export type StationTypeName = (typeof stationTypeNames)[number];

const byNumber: readonly StationTypeName[] = [
  'unknown',
  'pedestrian',
  'cyclist',
  'motorcycle',
  'motorcycle',
  'car',
  'bus',
  'truck',
  'truck',
  'truck',
  'special',
  'tram',
  'unknown',
  'unknown',
  'unknown',
  'roadside',
];

/** Name of an ETSI TS 102 894-2 station type; 'unknown' for a number outside the table. */
export function stationTypeName(stationType: number): StationTypeName {
  return byNumber[stationType] ?? 'unknown';
}
