import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawSketch, reconstruct, type Track } from '../../incidents/index.ts';
import { type Body, centroidOf, overlapOf, separation } from '../../incidents/reconstruct/body-rectangle.ts';
import { contactZone, forceClock } from '../../incidents/reconstruct/contact-zone.ts';
import type { VehicleState } from '../../messages/index.ts';

const metre = 1 / 111_195;
const lonMetre = metre / Math.cos((45 * Math.PI) / 180);
const impactMs = 1_800_000_000_000;

/** A track from a function of seconds since the impact: front bumper east and north (m), speed, heading. */
function trackOf(vehicleId: string, pose: (t: number) => readonly [number, number, number, number]): Track {
  const states: VehicleState[] = [];
  for (let k = -60; k <= 60; k++) {
    const [east, north, speed, headingDeg] = pose(k / 10);
    states.push({
      vehicleId,
      stationType: 5,
      timestampMs: impactMs + k * 100,
      lat: 45 + north * metre,
      lon: 9 + east * lonMetre,
      speed,
      headingDeg,
      length: 4,
      width: 2,
      flags: 0,
    });
  }
  return { vehicleId, states };
}

/** Striker going north at 12 m/s meets the rear of a vehicle that goes north at 2 m/s; after the impact both go 7 m/s. */
const rearEnd = [
  trackOf('striker', (t) => (t < 0 ? [0, 12 * t, 12, 0] : [0, 7 * t, 7, 0])),
  trackOf('struck', (t) => (t < 0 ? [0, 4 + 2 * t, 2, 0] : [0, 4 + 7 * t, 7, 0])),
];

describe('direction of force', () => {
  // Collision reference 6.4: frontal 12, struck on the left 9, struck from behind 6.
  test.each([
    [-5, 0, 12],
    [0, -5, 9],
    [5, 0, 6],
    [0, 5, 3],
    [-5, 0.2, 12],
  ])('change of velocity forward %d, left %d comes from %d o’clock', (forward, left, clock) => {
    expect(forceClock(forward, left)).toBe(clock);
  });

  test('turns with the change: k hours on the clock are k times 30 degrees', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.double({ min: 0.2, max: 40, noNaN: true }), (clock, size) => {
        const cameFrom = (clock * Math.PI) / 6;
        expect(forceClock(-size * Math.cos(cameFrom), size * Math.sin(cameFrom))).toBe(clock);
      }),
    );
  });

  test('no change has no direction', () => expect(forceClock(0.05, 0)).toBeUndefined());
});

describe('rectangles', () => {
  const body = (x: number, y: number, degrees: number): Body => {
    const radians = (degrees * Math.PI) / 180;
    return { x, y, hx: Math.sin(radians), hy: Math.cos(radians), length: 4, width: 2 };
  };
  test('overlap exactly when their separation is negative', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -6, max: 6, noNaN: true }),
        fc.double({ min: -6, max: 6, noNaN: true }),
        fc.integer({ min: 0, max: 359 }),
        (x, y, degrees) => {
          const a = body(0, 0, 0);
          const b = body(x, y, degrees);
          const gap = separation(a, b);
          if (Math.abs(gap) > 1e-6) expect(overlapOf(a, b).length > 0).toBe(gap < 0);
        },
      ),
    );
  });
  test('the centre of the overlap of two known squares', () => {
    const [x, y] = centroidOf(overlapOf(body(0, 0, 0), body(1, 2, 0))) ?? [];
    expect(x).toBeCloseTo(0.5);
    expect(y).toBeCloseTo(-1);
  });
  test('every side of a body has its zone', () => {
    const at = (x: number, y: number) => contactZone(body(0, 0, 0), [x, y]);
    expect([at(0, 0), at(-0.9, 0), at(0.9, 0), at(0, -4), at(1, -2), at(-1, -2), at(1, -0.5), at(-1, -3.5)]).toEqual([
      'front',
      'front-left',
      'front-right',
      'rear',
      'right',
      'left',
      'right-front',
      'left-rear',
    ]);
  });
});

describe('reconstruction', () => {
  test('of a rear-end crash gives time, speeds, changes of velocity, forces, zones and closing speed', () => {
    const result = reconstruct(impactMs + 700, rearEnd);
    expect(Math.abs((result?.impactMs ?? 0) - impactMs)).toBeLessThanOrEqual(60);
    expect(result?.closingSpeed).toBeCloseTo(10, 1);
    const [striker, struck] = result?.parties ?? [];
    expect(striker).toMatchObject({
      speedBefore: 12,
      speedAfter: 7,
      deltaVForward: -5,
      forceClock: 12,
      contactZone: 'front',
    });
    expect(struck).toMatchObject({
      speedBefore: 2,
      speedAfter: 7,
      deltaVForward: 5,
      forceClock: 6,
      contactZone: 'rear',
    });
    expect(striker.preCrash[0]).toMatchObject({ speed: 12 });
    expect(result?.maxDeltaV).toBe(5);
  });

  test('of a crossing crash names the struck side', () => {
    const tracks = [
      trackOf('north', (t) => (t < 0 ? [0, 10 * t, 10, 0] : [0, 3 * t, 3, 0])),
      trackOf('east', (t) => (t < 0 ? [2 + 10 * t, 1, 10, 90] : [2 + 6 * t, 1, 6, 90])),
    ];
    const result = reconstruct(impactMs, tracks);
    expect(result?.parties[0].contactZone).toBe('front');
    expect(result?.parties[1].contactZone).toMatch(/^right/);
    expect(result?.closingSpeed).toBeCloseTo(Math.hypot(10, 10), 1);
  });

  test('with one party takes the fastest change of velocity, and says so', () => {
    const result = reconstruct(impactMs, [trackOf('alone', (t) => (t < 0 ? [0, 15 * t, 15, 0] : [0, 0, 0, 0]))]);
    expect(Math.abs((result?.impactMs ?? 0) - impactMs)).toBeLessThanOrEqual(100);
    expect(result?.parties[0].deltaV).toBe(15);
    expect(result?.closingSpeed).toBeUndefined();
    expect(result?.assumptions.join()).toContain('no second party');
  });

  test('of nothing is nothing', () => expect(reconstruct(impactMs, [])).toBeUndefined());
});

describe('sketch', () => {
  const draw = (language: 'fa' | 'en') => {
    const reconstruction = reconstruct(impactMs, rearEnd);
    if (reconstruction === undefined) throw new Error('no reconstruction');
    return drawSketch({
      record: {
        trackingCode: 'ABCD-EFGH-JKMN',
        occurredAt: new Date(impactMs).toISOString(),
        place: { lat: 45, lon: 9, street: 'Rue <A> & "B"' },
      },
      reconstruction,
      tracks: rearEnd,
      language,
    });
  };
  test('is the same for the same record, in both languages, and well-formed', () => {
    for (const language of ['fa', 'en'] as const) {
      const svg = draw(language);
      expect(draw(language)).toBe(svg);
      expect(svg).toContain('ABCD-EFGH-JKMN');
      expect(svg).not.toContain('<A>');
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      const open = svg.match(/<[a-z]+(?=[\s>])[^>]*[^/]>/g)?.length;
      expect(svg.match(/<\/[a-z]+[A-Z]?[a-z]*>/g)?.length).toBeGreaterThanOrEqual((open ?? 0) - 1);
    }
    expect(draw('fa')).toContain('کروکی');
    expect(draw('en')).toContain('automatic, uncertainty');
  });
  test('draws vehicles to the scale of its bar', () => {
    const svg = draw('en');
    const bar = /M0 -6V0H([\d.]+)V-6.*?>(\d+) m</.exec(svg);
    const pixelsPerMetre = Number(bar?.[1]) / Number(bar?.[2]);
    const [a, b] = (/<polygon points="([^"]+)"/.exec(svg)?.[1] ?? '')
      .split(' ')
      .map((pair) => pair.split(',').map(Number));
    expect(Math.hypot(a[0] - b[0], a[1] - b[1]) / pixelsPerMetre).toBeCloseTo(4, 1);
  });
});
