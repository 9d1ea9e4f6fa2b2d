import { Plane } from '../../roads/graph/index.ts';
import type { PublicIncident } from '../platform/public-incidents.ts';
import type { KnownCollision } from '../recordings/index.ts';

/** An incident this near in place and time to a collision is that collision, m and s. */
const nearMetres = 100;
const nearSeconds = 20;

export interface CollisionMatch {
  readonly found: number;
  readonly missed: readonly KnownCollision[];
  /** Crashes among the incidents that belong to no collision. */
  readonly unexplained: number;
}

/**
 * Which collisions became incidents: the nearest free one within 100 m and 20 s, each incident for one collision only.
 * `timeOf` gives the instant (UTC ms) of a second of the recording. What is near an already matched collision is explained by it.
 */
export function matchCollisions(
  collisions: readonly KnownCollision[],
  incidents: readonly PublicIncident[],
  timeOf: (second: number) => number,
): CollisionMatch {
  const free = new Set(incidents);
  const explained = new Set<PublicIncident>();
  const missed: KnownCollision[] = [];
  for (const collision of collisions) {
    const plane = new Plane(collision.lat, collision.lon);
    const metres = ({ lat, lon }: PublicIncident): number => Math.hypot(plane.x(lon), plane.y(lat));
    const near = incidents.filter(
      (incident) =>
        metres(incident) <= nearMetres &&
        Math.abs(incident.occurredAtMs - timeOf(collision.time)) <= nearSeconds * 1000,
    );
    for (const incident of near) explained.add(incident);
    const best = near.filter((incident) => free.has(incident)).sort((a, b) => metres(a) - metres(b))[0];
    if (best === undefined) missed.push(collision);
    else free.delete(best);
  }
  const crashes = incidents.filter(({ kind }) => kind === 'crash' || kind === 'single-vehicle');
  return {
    found: collisions.length - missed.length,
    missed,
    unexplained: crashes.filter((incident) => !explained.has(incident)).length,
  };
}
