import type { TrafficSegment } from '../../messages/index.ts';

export interface CityIndex {
  /** Jam factor of the measured network, weighted by length, 0..10; null = nothing measured. */
  readonly index: number | null;
  /** Travel time of the measured network now over the one at free flow; 1 = free. */
  readonly travelTimeRatio: number | null;
  /** Mean speeds over the measured network, km/h. */
  readonly currentSpeed: number | null;
  readonly freeFlowSpeed: number | null;
  /** Share of the length of the known network with a measurement, 0..1. */
  readonly coverage: number;
  readonly segments: number;
  readonly measured: number;
  /** Newest measurement. */
  readonly updatedAt: string | null;
  readonly worst: readonly TrafficSegment[];
}

/** Summary of the whole city now against its free flow, and the `count` segments that cost the most time. */
export function cityIndex(segments: readonly TrafficSegment[], count: number): CityIndex {
  let length = 0;
  let measuredLength = 0;
  let jam = 0;
  let current = 0;
  let free = 0;
  let updatedAt: string | null = null;
  const measured: TrafficSegment[] = [];
  for (const segment of segments) {
    length += segment.length;
    if (segment.currentTravelTime === null || segment.jamFactor === null) continue;
    measured.push(segment);
    measuredLength += segment.length;
    jam += segment.jamFactor * segment.length;
    current += segment.currentTravelTime;
    free += segment.freeFlowTravelTime;
    if (segment.updatedAt !== null && (updatedAt === null || segment.updatedAt > updatedAt))
      updatedAt = segment.updatedAt;
  }
  const cost = ({ currentTravelTime, freeFlowTravelTime }: TrafficSegment): number =>
    (currentTravelTime ?? 0) - freeFlowTravelTime;
  const slower = measured.filter((segment) => cost(segment) > 0).sort((a, b) => cost(b) - cost(a));
  return {
    index: measuredLength > 0 ? jam / measuredLength : null,
    travelTimeRatio: free > 0 ? current / free : null,
    currentSpeed: current > 0 ? (measuredLength / current) * 3.6 : null,
    freeFlowSpeed: free > 0 ? (measuredLength / free) * 3.6 : null,
    coverage: length > 0 ? measuredLength / length : 0,
    segments: segments.length,
    measured: measured.length,
    updatedAt,
    worst: slower.slice(0, count),
  };
}
