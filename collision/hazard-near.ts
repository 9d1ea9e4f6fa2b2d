import type { Hazards } from './hazards.ts';

/** The hazard that drivers at `s` on `edge` meet within `ahead` m, or have passed by less than `behind` m; -1 none. `cls` -1: of any class. */
export function hazardNear(hazards: Hazards, edge: number, s: number, behind: number, ahead: number, cls = -1): number {
  const { fields } = hazards;
  for (let i = fields.firstOnEdge[edge]; i >= 0; i = fields.nextOnEdge[i]) {
    const h = fields.hazard[i];
    if (hazards.alive[h] === 0 || fields.pi[i] < 0.5 || (cls >= 0 && hazards.cls[h] !== cls)) continue;
    const gap = fields.distance[i] + hazards.s[h] - s;
    if (gap > -behind && gap < ahead) return h;
  }
  return -1;
}
