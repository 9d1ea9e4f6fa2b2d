import { KalmanFilter, State } from 'kalman-filter';
import { describe, expect, it } from 'vitest';
import { filterStart, filterStep, speedVariance } from '../../collision/filter.ts';
import { planarNoise, planarStart, planarStep, velocityVariance } from '../../collision/planar-filter.ts';
import { Tracks } from '../../collision/tracks.ts';
import { draws, SingerMotion } from './motion.ts';

const identity = [
  [1, 0],
  [0, 1],
];

/** One step of the constant-velocity model of the kalman-filter package: state and measurement (place, speed). */
function libraryStep(
  state: State,
  dt: number,
  noise: number,
  measured: readonly [number, number],
  r: [number, number],
) {
  const filter = new KalmanFilter({
    dynamic: {
      dimension: 2,
      init: { mean: state.mean, covariance: state.covariance },
      transition: [
        [1, dt],
        [0, 1],
      ],
      covariance: [
        [noise * (dt ** 4 / 4), noise * (dt ** 3 / 2)],
        [noise * (dt ** 3 / 2), noise * dt * dt],
      ],
    },
    observation: {
      dimension: 2,
      stateProjection: identity,
      covariance: [
        [r[0], 0],
        [0, r[1]],
      ],
    },
  });
  const predicted = filter.predict({ previousCorrected: state });
  return { predicted, corrected: filter.correct({ predicted, observation: [[measured[0]], [measured[1]]] }) };
}

function at(matrix: number[][], row: number, column = 0): number {
  return (matrix[row] as number[])[column] as number;
}

/** Density of the measurement under the prediction, by the textbook's formula. */
function likelihood(predicted: State, measured: readonly [number, number], r: [number, number]): number {
  const s00 = at(predicted.covariance, 0, 0) + r[0];
  const s01 = at(predicted.covariance, 0, 1);
  const s11 = at(predicted.covariance, 1, 1) + r[1];
  const det = s00 * s11 - s01 * s01;
  const e0 = measured[0] - at(predicted.mean, 0);
  const e1 = measured[1] - at(predicted.mean, 1);
  return Math.exp(-(s11 * e0 * e0 - 2 * s01 * e0 * e1 + s00 * e1 * e1) / det / 2) / (2 * Math.PI * Math.sqrt(det));
}

describe('filters against the kalman-filter package', () => {
  it('[F11] the planar filter is its constant-velocity model to a millionth, on both axes, at 1 to 10 Hz', () => {
    const { normal } = draws(3);
    const east = new SingerMotion(0.5, 3, normal);
    const t = new Tracks(1);
    planarStart(t, 0, 0, 0, 20, 0, 0.25);
    const start = [
      [0.25, 0],
      [0, velocityVariance(20)],
    ];
    let x = new State({ mean: [[0], [20]], covariance: start });
    let y = new State({ mean: [[0], [0]], covariance: start });
    for (let k = 0; k < 300; k += 1) {
      const dt = [0.1, 1, 0.2, 0.5][k % 4] as number;
      east.go(dt);
      const [mx, my, mu, mv] = [east.s + 0.5 * normal(), 0.5 * normal(), east.v + 0.2 * normal(), 0.2 * normal()];
      planarStep(t, 0, dt, mx, my, mu, mv, 0.25);
      const r: [number, number] = [0.25, velocityVariance(Math.hypot(mu, mv))];
      x = libraryStep(x, dt, planarNoise, [mx, mu], r).corrected;
      y = libraryStep(y, dt, planarNoise, [my, mv], r).corrected;
      const expected = [at(x.mean, 0), at(y.mean, 0), at(x.mean, 1), at(y.mean, 1)];
      for (const [i, value] of [t.x[0], t.y[0], t.vx[0], t.vy[0]].entries())
        expect(Math.abs((value as number) - (expected[i] as number))).toBeLessThan(
          1e-6 * Math.max(1, Math.abs(expected[i] as number)),
        );
      expect(t.p00[0]).toBeCloseTo(at(x.covariance, 0, 0), 6);
      expect(t.p11[0]).toBeCloseTo(at(x.covariance, 1, 1), 6);
    }
  });

  it('[F4] the path filter is two of its models, merged by their likelihoods, to a millionth', () => {
    const { normal } = draws(4);
    const motion = new SingerMotion(1.2, 3, normal);
    const t = new Tracks(1);
    filterStart(t, 0, 0, 0.25, 20, 0);
    let weight = 0.1;
    let state = new State({
      mean: [[0], [20]],
      covariance: [
        [0.25, 0],
        [0, speedVariance],
      ],
    });
    for (let k = 0; k < 300; k += 1) {
      const dt = [0.1, 1, 0.2, 0.5][k % 4] as number;
      motion.go(dt);
      const measured = [motion.s + 0.5 * normal(), motion.v + 0.2 * normal()] as const;
      // An acceleration of 0 is sent: a constant velocity, in the mode for those who send one.
      filterStep(t, 0, dt, measured[0] - (t.s[0] as number), 0.25, measured[1], 0);
      const r: [number, number] = [0.25, speedVariance];
      const cruise = libraryStep(state, dt, 0.06 + 0.17 * dt, measured, r);
      const manoeuvre = libraryStep(state, dt, 1.8 ** 2, measured, r);
      const leave = 0.5 * (1 - 1 / (1 + (2 * dt) / 20));
      const prior = weight * (1 - 2 * leave) + leave;
      const l1 = prior * likelihood(manoeuvre.predicted, measured, r);
      const l0 = (1 - prior) * likelihood(cruise.predicted, measured, r);
      weight = l1 / (l0 + l1);
      const mean = [0, 1].map(
        (i) => (1 - weight) * at(cruise.corrected.mean, i) + weight * at(manoeuvre.corrected.mean, i),
      );
      const spread = [0, 1].map((i) => at(cruise.corrected.mean, i) - at(manoeuvre.corrected.mean, i));
      const covariance = [0, 1].map((i) =>
        [0, 1].map(
          (j) =>
            (1 - weight) * at(cruise.corrected.covariance, i, j) +
            weight * at(manoeuvre.corrected.covariance, i, j) +
            weight * (1 - weight) * (spread[i] as number) * (spread[j] as number),
        ),
      );
      state = new State({ mean: mean.map((value) => [value]), covariance });
      expect(Math.abs((t.s[0] as number) - (mean[0] as number))).toBeLessThan(1e-6 * Math.max(1, mean[0] as number));
      expect(Math.abs((t.v[0] as number) - (mean[1] as number))).toBeLessThan(1e-6 * (mean[1] as number));
      expect(t.manoeuvre[0]).toBeCloseTo(weight, 5);
      expect(t.p00[0]).toBeCloseTo(at(covariance, 0, 0), 6);
    }
  });
});
