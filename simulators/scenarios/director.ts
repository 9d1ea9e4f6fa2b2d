import type { RoadGraph } from '../../roads/graph/index.ts';
import type { Random } from '../random.ts';
import { type CityTraffic, stepSeconds } from '../traffic/city-traffic.ts';
import type { Actor } from './actor.ts';
import { type Contact, Encounter } from './encounter.ts';
import { findSites } from './find-sites.ts';
import { RoadBlocks } from './road-block.ts';
import type { ScenarioKind, Site } from './site.ts';

/** The longest approach, m, and seconds of preparation before a scenario's first vehicle appears. */
const longestApproach = 1150;
const preparation = 2;
const between = 90;
/** The first contact comes early: only places reached fast will do. */
const earlySites = 3;

export interface DirectorOptions {
  readonly graph: RoadGraph;
  readonly traffic: CityTraffic;
  readonly random: Random;
  /** In turn; an empty list plays nothing. */
  readonly scenarios: readonly ScenarioKind[];
  /** Simulated second of the first contact. */
  readonly firstContact: number;
  readonly idPrefix: string;
  readonly onContact: (encounter: Encounter, contact: Contact) => void;
}

/** Lets scripted encounters happen one after the other, at places of the map that fit, kept clear of ordinary traffic until then. */
export class Director {
  readonly #options: DirectorOptions;
  readonly #blocks: RoadBlocks;
  readonly #sites: ReadonlyMap<ScenarioKind, readonly Site[]>;
  readonly #running: {
    readonly encounter: Encounter;
    clear: (() => void) | undefined;
    readonly avoided: readonly number[];
  }[] = [];
  #played = 0;
  #nextContact: number;

  /** @throws Error naming a scenario for which the map has no place. */
  constructor(options: DirectorOptions) {
    const { graph, traffic, scenarios } = options;
    this.#options = options;
    this.#blocks = new RoadBlocks(graph, traffic);
    this.#nextContact = options.firstContact;
    this.#sites = new Map(scenarios.map((kind) => [kind, findSites(graph, traffic.profiles, kind)]));
    for (const [kind, sites] of this.#sites)
      if (sites.length === 0) throw new Error(`the map has no place for the scenario ${kind}`);
    traffic.intruder = (movement, within) =>
      this.#running.some(({ encounter }) => encounter.secondsTo(movement) < within);
  }

  /** Scripted vehicles now on the road. */
  get actors(): Actor[] {
    return this.#running.flatMap(({ encounter }) => encounter.actors.filter((actor) => actor !== undefined));
  }

  /** After each step of the traffic. */
  step(): void {
    const { traffic, onContact } = this.#options;
    this.#begin(traffic.time);
    if (this.#running.some(({ encounter, clear }) => encounter.contact === undefined && clear === undefined))
      traffic.clearAvoided();
    for (const running of this.#running) {
      const contact = running.encounter.step(traffic.time, stepSeconds);
      if (contact === undefined || running.clear !== undefined) continue;
      traffic.routes.allow(running.avoided);
      const undo = running.encounter.actors.flatMap((actor) => (actor ? [this.#blocks.place(actor.outline)] : []));
      running.clear = () => {
        for (const one of undo) one();
      };
      onContact(running.encounter, contact);
    }
    for (let i = this.#running.length - 1; i >= 0; i--) {
      const { encounter, clear, avoided } = this.#running[i];
      if (traffic.time < encounter.ends) continue;
      clear?.();
      traffic.routes.allow(avoided);
      this.#running.splice(i, 1);
    }
  }

  #begin(time: number): void {
    const { scenarios, traffic, random, idPrefix } = this.#options;
    const kind = scenarios[this.#played % Math.max(1, scenarios.length)];
    const first = this.#played === 0;
    // The approach of a later scenario begins in time for a full kilometre.
    if (kind === undefined || (!first && time < this.#nextContact - between + preparation)) return;
    const taken = new Set(this.#running.flatMap(({ encounter }) => encounter.site.edges));
    const sites = (this.#sites.get(kind) ?? []).filter((site) => !site.edges.some((edge) => taken.has(edge)));
    const site = sites[random.below(first ? Math.min(earlySites, sites.length) : sites.length)];
    if (site === undefined) {
      this.#nextContact += between;
      return;
    }
    const n = ++this.#played;
    const encounter = new Encounter(
      site,
      [`${idPrefix}s${n}-a`, `${idPrefix}s${n}-b`],
      time + (first ? 0 : preparation),
      this.#nextContact,
      longestApproach,
      random.fork(),
    );
    this.#nextContact += between;
    traffic.routes.avoid(site.edges);
    traffic.replanAround();
    this.#running.push({ encounter, clear: undefined, avoided: site.edges });
  }
}
