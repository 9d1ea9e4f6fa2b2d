import type { Random } from '../random.ts';
import { Actor } from './actor.ts';
import { pathSeconds, placeBefore } from './actor-path.ts';
import { separation } from './rectangles.ts';
import type { Site } from './site.ts';

/** Steps within a step when the two are near, so that the contact is found to a few centimetres. */
const fineSteps = 20;
const near = 60;
/** A wreck (or a pair that did not touch) stays this long, s. */
const standSeconds = 75;
const afterMiss = 20;
/** A vehicle that breaks down is there this long before the other comes at the latest, s. */
const breakdownLead = 34;
/** Way a vehicle that breaks down still drives, m. */
const breakdownWay = 90;

export interface Contact {
  /** Simulated second. */
  readonly time: number;
  readonly x: number;
  readonly y: number;
  /** Speeds before the impact in the order of the parties, m/s. */
  readonly speeds: readonly [number, number];
}

/** One performance of a site: two actors who meet at `contactTime` when neither reacts. */
export class Encounter {
  readonly site: Site;
  readonly contactTime: number;
  /** In the order of the site's parties; undefined until it is time for them to appear. */
  readonly actors: [Actor | undefined, Actor | undefined] = [undefined, undefined];
  contact: Contact | undefined;
  readonly #ids: readonly [string, string];
  readonly #appear: readonly { readonly time: number; readonly s: number }[];
  readonly #random: Random;

  /** `now` and `contactTime` in simulated seconds; `approach` = the longest way a vehicle comes from before the contact, m. */
  constructor(
    site: Site,
    ids: readonly [string, string],
    now: number,
    contactTime: number,
    approach: number,
    random: Random,
  ) {
    this.site = site;
    this.contactTime = contactTime;
    this.#ids = ids;
    this.#random = random;
    this.#appear = site.parties.map(({ path, contactS, breaksDown }) => {
      if (breaksDown) {
        const s = Math.max(0, contactS - breakdownWay);
        return { time: Math.max(now, contactTime - breakdownLead - 8), s };
      }
      const start = Math.max(0, contactS - approach, placeBefore(path, contactS, contactTime - now));
      return { time: contactTime - pathSeconds(path, start, contactS), s: start };
    });
  }

  /** First simulated second at which one of the two is on the road. */
  get begins(): number {
    return Math.min(...this.#appear.map(({ time }) => time));
  }

  /** When the place is to be cleared. */
  get ends(): number {
    return this.contact === undefined ? this.contactTime + afterMiss : this.contact.time + standSeconds;
  }

  /** Seconds until an actor comes to the beginning of a movement on its path; Infinity when none will. */
  secondsTo(movement: number): number {
    if (this.contact !== undefined) return Infinity;
    let least = Infinity;
    for (const actor of this.actors) {
      if (actor === undefined) continue;
      for (const { edge, s } of actor.party.movements) {
        const left = s - actor.s;
        if (edge === movement && left > -actor.party.kind.length - 12)
          least = Math.min(least, Math.max(0, left) / Math.max(3, actor.speed));
      }
    }
    return least;
  }

  /** Advances to `time`, `seconds` later than the last time. Returns the contact in the step in which it happens. */
  step(time: number, seconds: number): Contact | undefined {
    this.#appear.forEach(({ time: at, s }, i) => {
      if (this.actors[i] !== undefined || time < at) return;
      const actor = new Actor(this.#ids[i], this.site.parties[i], s, this.#random.fork());
      // It appears between two steps: the rest of this one is driven at once.
      if (time > at) actor.advance(time - at);
      this.actors[i] = actor;
    });
    const [a, b] = this.actors;
    if (a === undefined || b === undefined || this.contact !== undefined) {
      for (const actor of this.actors) actor?.advance(seconds);
      return undefined;
    }
    const apart = Math.hypot(a.outline.x - b.outline.x, a.outline.y - b.outline.y);
    const steps = apart < near ? fineSteps : 1;
    const before: readonly [number, number] = [a.speed, b.speed];
    for (let i = 1; i <= steps; i++) {
      a.advance(seconds / steps);
      b.advance(seconds / steps);
      if (this.contact === undefined && steps > 1 && separation(a.outline, b.outline) <= 0)
        this.contact = this.#impact(a, b, time - seconds + (i * seconds) / steps);
    }
    a.acceleration = (a.speed - before[0]) / seconds;
    b.acceleration = (b.speed - before[1]) / seconds;
    return this.contact;
  }

  #impact(a: Actor, b: Actor, time: number): Contact {
    const speeds: readonly [number, number] = [a.speed, b.speed];
    const [keptA, keptB] = this.site.parties.map((party) => party.speedKept);
    const struckFromBehind = this.site.scenario === 'rear-end';
    const sum = a.speed + b.speed;
    a.strike(keptA * (struckFromBehind ? sum : a.speed));
    b.strike(keptB * (struckFromBehind ? sum : b.speed));
    return { time, x: a.outline.x, y: a.outline.y, speeds };
  }
}
