/** Distance fields reach this far for a hazard that stands, m; more for one that comes. */
const standing = 1450;
const most = 4000;
const wrongWayLeast = 2000;
/** A wrong-way driver is told of this long before the meeting, s. */
const wrongWayTime = 60;

/** How far upstream of a hazard drivers are asked, m (H9): `u` its speed along the road (negative: it comes), m/s; `limit` what the road allows, m/s. */
export function fieldRadius(wrongWay: boolean, u: number, limit: number): number {
  const towards = u < 0 ? -u : 0;
  const needed = wrongWay
    ? Math.max(wrongWayLeast, wrongWayTime * (towards + limit))
    : standing * (1 + towards / limit);
  return Math.min(most, needed);
}
