/**
 * Constant deceleration, m/s², that keeps a follower at `v` from touching a leader `gap` metres ahead (bumper to bumper) after `reaction` s
 * at unchanged speed; the leader drives `vLead` and brakes at `brakeLead` >= 0 to rest (collision.md 3.7, SPEC L5).
 * 0 when they never meet; Infinity when no deceleration helps.
 */
export function requiredBehindLeader(
  gap: number,
  v: number,
  vLead: number,
  brakeLead: number,
  reaction: number,
): number {
  if (brakeLead < 0.3) {
    const closing = v - vLead;
    if (closing <= 0) return 0;
    const room = gap - closing * reaction;
    return room <= 0 ? Infinity : (closing * closing) / (2 * room);
  }
  // Against a leader that comes to rest, the follower must stop behind its final place.
  const room = gap + (vLead * vLead) / (2 * brakeLead) - v * reaction;
  if (room <= 0) return Infinity;
  const toRest = (v * v) / (2 * room);
  // When the follower at that rate still rolls while the leader stands, the stopping form is exact.
  const leadStops = vLead / brakeLead;
  if (reaction + v / toRest >= leadStops) return toRest;
  const closing = v - vLead + brakeLead * reaction;
  if (closing <= 0) return 0;
  const rest = gap - (v - vLead) * reaction - 0.5 * brakeLead * reaction * reaction;
  return rest <= 0 ? Infinity : brakeLead + (closing * closing) / (2 * rest);
}

/** Constant deceleration, m/s², that stops within `distance` metres after `reaction` s at unchanged `v`; Infinity when it is too late. */
export function requiredToStop(distance: number, v: number, reaction: number): number {
  if (v <= 0) return 0;
  const room = distance - v * reaction;
  return room <= 0 ? Infinity : (v * v) / (2 * room);
}
