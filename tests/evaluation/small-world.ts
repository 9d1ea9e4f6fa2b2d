import { type Recording, recordingOf } from '../../evaluation/recording.ts';
import { planeOf } from '../../roads/graph/index.ts';
import { TracksBuilder } from '../../simulators/index.ts';
import { straightRoad } from '../oracles/ncap-roads.ts';

export const road = straightRoad(1);
export const plane = planeOf(road);

export interface Driver {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  /** Front bumper, m, and m/s, m/s² at t s. */
  readonly x: (t: number) => number;
  readonly y: number;
  readonly v: (t: number) => number;
  readonly a?: (t: number) => number;
  readonly west?: boolean;
  /** SUMO's name of the lane he is on. */
  readonly lane?: (t: number) => string;
}

export function cruising(id: string, x0: number, speed: number, from = 0, to = 60, y = -1.75): Driver {
  return { id, from, to, x: (t) => x0 + speed * t, y, v: () => speed };
}

/** Ten rows a second unless said otherwise. */
export function record(drivers: readonly Driver[], hz = 10): Recording {
  const builder = new TracksBuilder();
  const end = Math.max(...drivers.map((driver) => driver.to));
  for (let k = 0; k <= end * hz; k += 1) {
    const t = k / hz;
    for (const driver of drivers)
      if (t >= driver.from && t <= driver.to)
        builder.add(
          t,
          driver.id,
          plane.lon(driver.x(t)),
          plane.lat(driver.y),
          driver.v(t),
          driver.a?.(t) ?? 0,
          driver.west ? 270 : 90,
          0,
          driver.lane?.(t) ?? '',
        );
  }
  for (const driver of drivers) builder.setSize(driver.id, 4.5, 1.8);
  return recordingOf([builder.finish()], plane);
}
