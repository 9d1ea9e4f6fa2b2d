import { describe, expect, it } from 'vitest';
import { createEngine } from '../../collision/index.ts';
import { type Body, motorway, moving, send, startMs } from './straight-road.ts';

/** Where the driver of `body` is foreseen after `seconds`, having been known for two minutes. */
function foreseen(body: Body, seconds: number) {
  const engine = createEngine(motorway(12_000), { capacity: 2 });
  for (let k = 0; k <= 120; k += 1) {
    send(engine, 0, body, k);
    engine.tick(startMs + 1000 * k);
  }
  const out = new Float64Array(4);
  const free = engine.foresee(0, seconds, Int32Array.of(0), 1, out);
  return { free, metres: out[0] as number, steady: out[1] as number, shaken: out[2] as number };
}

describe('arrival (P)', () => {
  it('[P6] a driver who always drives nine tenths of the limit goes on so', () => {
    const { free, metres } = foreseen(moving(100, 0, 30), 36);
    expect(free).toBe(true);
    expect(Math.abs(metres - 36 * 30)).toBeLessThan(2);
  });

  it('[P6] the doubt grows with the way, at first with its square root of three halves, later with its square root', () => {
    const [near, far, farther] = [5, 36, 72].map((seconds) => foreseen(moving(100, 0, 25), seconds).shaken) as [
      number,
      number,
      number,
    ];
    expect(far / near).toBeGreaterThan((36 / 5) ** 0.9);
    expect(farther / far).toBeGreaterThan(2 ** 0.5);
    expect(farther / far).toBeLessThan(2 ** 1.5);
    // collision.md 3.4 gives 77 m at 27.8 m/s for all drivers together.
    const { steady, shaken } = foreseen(moving(100, 0, 27.8), 36);
    const together = Math.sqrt(0.72 * steady ** 2 + 0.28 * shaken ** 2);
    expect(together).toBeGreaterThan(55);
    expect(together).toBeLessThan(110);
  });

  it('[P6] who was slowed down comes back to his own pace with 20 s', () => {
    const slowed: Body = {
      ...moving(100, 0, 0),
      x: (t) => (t < 118 ? 100 + 30 * t : 3640 + 18 * (t - 118)),
      speed: (t) => (t < 118 ? 30 : 18),
    };
    const { free, metres } = foreseen(slowed, 36);
    expect(free).toBe(false);
    const fade = 20 * (1 - Math.exp(-36 / 20));
    expect(Math.abs(metres - (36 * 30 - 12 * fade))).toBeLessThan(40);
  });

  it('[P6] a road too short, or one the vehicle is not on, gives no answer', () => {
    const engine = createEngine(motorway(500), { capacity: 2 });
    const out = new Float64Array(4);
    expect(engine.foresee(0, 36, Int32Array.of(0), 1, out)).toBe(false);
    send(engine, 0, moving(100, 0, 30), 0);
    expect(engine.foresee(0, 36, Int32Array.of(0), 1, out)).toBe(false);
  });
});
