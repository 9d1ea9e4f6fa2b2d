import type { Random } from '../random.ts';
import { pathPoint, pathSpeed } from './actor-path.ts';
import type { Outline } from './rectangles.ts';
import type { Party } from './site.ts';

/** Deceleration of wrecks that slide to rest, and of a driver who brakes at a breakdown or at a warning, m/s². */
const sliding = 6;
const breakdownBraking = 2.2;
const emergencyBraking = 6;
/** From rear axle to front bumper, as a share of the length. */
const axleShare = 0.78;
const front = new Float64Array(2);
const rear = new Float64Array(2);

type Phase = 'driving' | 'braking' | 'wreck';

/** A scripted vehicle: drives its path at the path's speeds without regard for anybody, until it is struck or told to brake. */
export class Actor {
  readonly id: string;
  readonly party: Party;
  /** Share of the sensors' quality, of reaction and the like is drawn from this. */
  readonly random: Random;
  speed: number;
  acceleration = 0;
  /** Way along its path, m. */
  s: number;
  /** Speed lost in the impact, m/s; 0 before. */
  deltaV = 0;
  #phase: Phase = 'driving';
  readonly #outline: { x: number; y: number; hx: number; hy: number; length: number; width: number };

  constructor(id: string, party: Party, s: number, random: Random) {
    this.id = id;
    this.party = party;
    this.s = s;
    this.random = random;
    this.speed = this.#wantedSpeed();
    this.#outline = { x: 0, y: 0, hx: 0, hy: 1, length: party.kind.length, width: party.kind.width };
    this.#place();
  }

  get outline(): Outline {
    return this.#outline;
  }

  get isWreck(): boolean {
    return this.#phase === 'wreck';
  }

  /** Standing still, in a place where nobody should. */
  get stands(): boolean {
    return this.speed === 0;
  }

  /** Drives on for `seconds` (small). Sets `acceleration` to the mean over it. */
  advance(seconds: number): void {
    const before = this.speed;
    if (this.#phase === 'driving') this.speed = this.#wantedSpeed();
    else this.speed = Math.max(0, before - (this.#phase === 'wreck' ? sliding : emergencyBraking) * seconds);
    const way = this.#phase === 'driving' ? this.speed * seconds : ((before + this.speed) / 2) * seconds;
    if (this.#phase === 'wreck') {
      this.#outline.x += this.#outline.hx * way;
      this.#outline.y += this.#outline.hy * way;
    } else {
      this.s += way;
      this.#place();
    }
    this.acceleration = (this.speed - before) / seconds;
  }

  /** The driver brakes as hard as the road allows. */
  brake(): void {
    if (this.#phase === 'driving') this.#phase = 'braking';
  }

  /** The impact leaves it this speed; from now on it slides on straight ahead. */
  strike(speedAfter: number): void {
    this.deltaV = this.speed - speedAfter;
    this.speed = speedAfter;
    this.#phase = 'wreck';
  }

  #wantedSpeed(): number {
    const { path, contactS, breaksDown } = this.party;
    const free = pathSpeed(path, this.s);
    if (!breaksDown) return free;
    const left = contactS - this.s;
    return left < 0.05 ? 0 : Math.min(free, Math.max(0.4, Math.sqrt(2 * breakdownBraking * left)));
  }

  #place(): void {
    const { path } = this.party;
    const outline = this.#outline;
    pathPoint(path, this.s, front);
    pathPoint(path, this.s - axleShare * outline.length, rear);
    const norm = Math.hypot(front[0] - rear[0], front[1] - rear[1]);
    outline.x = front[0];
    outline.y = front[1];
    outline.hx = (front[0] - rear[0]) / norm;
    outline.hy = (front[1] - rear[1]) / norm;
  }
}
