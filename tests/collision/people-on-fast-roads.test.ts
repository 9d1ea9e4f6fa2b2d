import { describe, expect, it } from 'vitest';
import { createEngine } from '../../collision/index.ts';
import { motorway, plane, startMs } from './straight-road.ts';

describe('people on foot on a fast road (L17)', () => {
  it.each([
    ['stands', 0],
    ['walks on', 1.4],
  ])('[L17] one who %s in the lane is warned of while a driver at 120 km/h can still stop', (_, pace) => {
    const engine = createEngine(motorway(), { capacity: 2 });
    let told = Number.NaN;
    for (let k = 0; k <= 200; k += 1) {
      const t = k / 10;
      const put = (slot: number, x: number, v: number, l: number, w: number, type: number): void =>
        engine.update(slot, 1, startMs + 100 * k, plane.lat(0), plane.lon(x), v, 90, NaN, NaN, NaN, l, w, type, 0);
      put(0, 1000 + 33.3 * t, 33.3, 4.5, 1.8, 5);
      put(1, 1600 + pace * t, pace, 0.5, 0.5, 1);
      engine.tick(startMs + 100 * k);
      for (const event of engine.drainAlerts())
        if (event.slot === 0 && event.stage >= 2 && Number.isNaN(told)) told = 600 + pace * t - 33.3 * t;
    }
    // 33.3 m/s, 1.5 s and 5 m/s².
    expect(told).toBeGreaterThan(33.3 * 1.5 + (33.3 * 33.3) / 10);
  });
});
