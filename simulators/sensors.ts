import type { Random } from './random.ts';

/** What is true of a vehicle at one instant, in the graph's plane. */
export interface TrueState {
  /** Middle of the front bumper, m. */
  readonly x: number;
  readonly y: number;
  /** Unit vector of the body's direction. */
  readonly hx: number;
  readonly hy: number;
  /** m/s. */
  readonly speed: number;
  /** m/s². */
  readonly acceleration: number;
}

/** What its instruments say. */
export interface Measured {
  x: number;
  y: number;
  speed: number;
  /** Degrees clockwise from north, [0, 360). */
  headingDeg: number;
  acceleration: number;
}

/** Standard deviations of one vehicle's instruments. */
export interface SensorQuality {
  /** Slowly drifting part of the position error in each direction, m, and the time over which it drifts, s. */
  readonly bias: number;
  readonly biasSeconds: number;
  /** White part of the position error in each direction, m. */
  readonly white: number;
  /** m/s. */
  readonly speed: number;
  readonly headingDeg: number;
}

/** A receiver with an open sky and vehicle-grade odometry. */
export const goodSensors: SensorQuality = { bias: 0.8, biasSeconds: 60, white: 0.15, speed: 0.08, headingDeg: 0.6 };
/** A telephone on the dashboard. */
export const phoneSensors: SensorQuality = { bias: 2, biasSeconds: 60, white: 0.4, speed: 0.2, headingDeg: 1.5 };

/** Below this speed receivers hold the last course and position, m/s. */
const creeping = 0.3;

/**
 * Instruments of one vehicle: position error = first-order autoregressive bias (exponentially correlated in time) + white noise;
 * speed and heading with white noise. A standing vehicle repeats its position, speed 0 and heading.
 */
export class Sensors {
  readonly quality: SensorQuality;
  readonly #random: Random;
  #biasX: number;
  #biasY: number;
  #lastSeconds = Number.NaN;
  readonly #held: Measured = { x: 0, y: 0, speed: 0, headingDeg: 0, acceleration: 0 };
  #holds = false;

  constructor(quality: SensorQuality, random: Random) {
    this.quality = quality;
    this.#random = random;
    this.#biasX = random.normal() * quality.bias;
    this.#biasY = random.normal() * quality.bias;
  }

  /** Radius of the 1-sigma position error, m. */
  get accuracy(): number {
    return Math.hypot(this.quality.bias, this.quality.white);
  }

  /** Reads the instruments at `seconds` (not decreasing). The result is reused by the next call. */
  measure(truth: TrueState, seconds: number): Measured {
    const { quality } = this;
    const random = this.#random;
    const held = this.#held;
    if (truth.speed < creeping && this.#holds) {
      held.speed = 0;
      held.acceleration = truth.acceleration;
      return held;
    }
    if (!Number.isNaN(this.#lastSeconds)) {
      const keep = Math.exp(-(seconds - this.#lastSeconds) / quality.biasSeconds);
      const fresh = quality.bias * Math.sqrt(1 - keep * keep);
      this.#biasX = keep * this.#biasX + fresh * random.normal();
      this.#biasY = keep * this.#biasY + fresh * random.normal();
    }
    this.#lastSeconds = seconds;
    held.x = truth.x + this.#biasX + quality.white * random.normal();
    held.y = truth.y + this.#biasY + quality.white * random.normal();
    held.speed = truth.speed < creeping ? 0 : Math.max(0, truth.speed + quality.speed * random.normal());
    const heading = (Math.atan2(truth.hx, truth.hy) * 180) / Math.PI + quality.headingDeg * random.normal();
    held.headingDeg = ((heading % 360) + 360) % 360;
    held.acceleration = truth.acceleration;
    this.#holds = truth.speed < creeping;
    return held;
  }
}
