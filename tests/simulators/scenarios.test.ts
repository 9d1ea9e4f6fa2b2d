import { beforeAll, describe, expect, it } from 'vitest';
import type { RoadGraph } from '../../roads/graph/index.ts';
import { createRandom } from '../../simulators/random.ts';
import { Encounter } from '../../simulators/scenarios/encounter.ts';
import { findSites } from '../../simulators/scenarios/find-sites.ts';
import type { Outline } from '../../simulators/scenarios/rectangles.ts';
import { type Site, scenarioKinds } from '../../simulators/scenarios/site.ts';
import { SpeedProfiles } from '../../simulators/traffic/speed-profile.ts';
import { monaco } from './test-map.ts';

/** Oracle: corners of an outline, and whether a point lies in it; no separating axes. */
function corners({ x, y, hx, hy, length, width }: Outline): [number, number][] {
  const points: [number, number][] = [];
  for (const back of [0, length])
    for (const side of [-width / 2, width / 2]) points.push([x - hx * back + hy * side, y - hy * back - hx * side]);
  return points;
}
function inside({ x, y, hx, hy, length, width }: Outline, [px, py]: readonly [number, number], grown: number): boolean {
  const along = (x - px) * hx + (y - py) * hy;
  const aside = (px - x) * hy - (py - y) * hx;
  return along > -grown && along < length + grown && Math.abs(aside) < width / 2 + grown;
}
const touch = (a: Outline, b: Outline, grown: number): boolean =>
  corners(a).some((corner) => inside(b, corner, grown)) || corners(b).some((corner) => inside(a, corner, grown));

describe.each(scenarioKinds)('the scripted encounter %s', (kind) => {
  let graph: RoadGraph;
  let sites: Site[];
  beforeAll(async () => {
    graph = await monaco();
    sites = findSites(graph, new SpeedProfiles(graph), kind);
  });

  it('has several places in the demo city', () => {
    expect(sites.length).toBeGreaterThanOrEqual(3);
    expect(new Set(sites.map(({ edge }) => edge)).size).toBe(sites.length);
  });

  it('ends in contact at its place and time when nobody reacts, with an impact no brakes could make', () => {
    for (const site of sites) {
      const encounter = new Encounter(site, ['a', 'b'], 0, 60, 1150, createRandom(3));
      let apart: readonly Outline[] = [];
      let time = 0;
      for (; time < 80 && encounter.contact === undefined; time += 0.1) {
        apart = encounter.actors.flatMap((actor) => (actor ? [{ ...actor.outline }] : []));
        encounter.step(time, 0.1);
      }
      const { contact, actors } = encounter;
      const [a, b] = actors;
      if (contact === undefined || a === undefined || b === undefined) throw new Error(`${kind}: no contact`);
      expect(Math.abs(contact.time - 60)).toBeLessThan(1.5);
      expect(Math.hypot(contact.x - site.x, contact.y - site.y)).toBeLessThan(15);
      expect(touch(a.outline, b.outline, 0.3)).toBe(true);
      expect(touch(apart[0], apart[1], 0)).toBe(false);
      expect(Math.max(a.deltaV, b.deltaV, -a.deltaV, -b.deltaV)).toBeGreaterThan(2.5);
      expect(Math.max(Math.abs(a.acceleration), Math.abs(b.acceleration))).toBeGreaterThan(20);
      for (let i = 0; i < 100; i++) encounter.step(time + i / 10, 0.1);
      expect([a.speed, b.speed]).toEqual([0, 0]);
    }
  });

  it('does not happen when both brake in time', () => {
    const site = sites[0];
    const encounter = new Encounter(site, ['a', 'b'], 0, 60, 1150, createRandom(3));
    for (let time = 0; time < 80; time += 0.1) {
      if (time > 52) for (const actor of encounter.actors) actor?.brake();
      encounter.step(time, 0.1);
    }
    expect(encounter.contact).toBeUndefined();
  });
});
