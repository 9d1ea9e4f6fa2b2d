import type { BodySize } from './traffic.ts';
import { eachTag } from './xml-tags.ts';

/** A driver who was told to stand in a lane. */
export interface PlannedStop {
  readonly vehicle: string;
  readonly kind: 'stationary' | 'double_parking';
  /** Where: the front bumper, m along the lane. */
  readonly lane: string;
  readonly endPos: number;
}

/** What a run's demand and vehicle types say about who misbehaves. */
export interface RunDemand {
  readonly sizes: ReadonlyMap<string, BodySize>;
  readonly stops: readonly PlannedStop[];
}

/** Sizes of a type that names none, as SUMO assumes them, m. */
const usualSize: BodySize = { length: 5, width: 1.8 };
/** Ids of the injected stops and of the double-parked in the worlds' demand. */
const plannedStop = /^([hd])\d+$/;

/** Reads vehicle types and the stops in driving lanes (those of `<stop lane="…">`; bus stops and parking areas are ordinary). */
export function readDemand(files: readonly string[]): RunDemand {
  const sizes = new Map<string, BodySize>();
  const stops: PlannedStop[] = [];
  let vehicle = '';
  for (const file of files)
    eachTag(file, (name, attribute) => {
      if (name === 'vType')
        sizes.set(attribute('id'), {
          length: Number(attribute('length')) || usualSize.length,
          width: Number(attribute('width')) || usualSize.width,
        });
      else if (name === 'trip' || name === 'vehicle') vehicle = attribute('id');
      else if (name === 'stop' && attribute('lane') !== '') {
        const letter = plannedStop.exec(vehicle)?.[1];
        if (letter !== undefined && stops.at(-1)?.vehicle !== vehicle)
          stops.push({
            vehicle,
            kind: letter === 'd' ? 'double_parking' : 'stationary',
            lane: attribute('lane'),
            endPos: Number(attribute('endPos')),
          });
      }
    });
  return { sizes, stops };
}
