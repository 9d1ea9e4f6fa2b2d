import type { Body, Point } from './body-rectangle.ts';

/**
 * Clock direction of the principal force on a vehicle, 1..12 (12 = from the front, 3 = from the right, 6 = from behind),
 * from its change of velocity in its own frame (m/s, forward and left positive). Undefined below 0.1 m/s.
 */
export function forceClock(deltaForward: number, deltaLeft: number): number | undefined {
  if (Math.hypot(deltaForward, deltaLeft) < 0.1) return undefined;
  // The force pushes along the velocity change; it comes from the opposite side. Clock angles run clockwise, ours counter-clockwise.
  const cameFromDeg = (Math.atan2(-deltaLeft, -deltaForward) * 180) / Math.PI;
  const clock = Math.round((((-cameFromDeg % 360) + 360) % 360) / 30) % 12;
  return clock === 0 ? 12 : clock;
}

/** Twelve zones of a body: three across the front and the rear, three along each side. */
export const contactZones = [
  'front-left',
  'front',
  'front-right',
  'right-front',
  'right',
  'right-rear',
  'rear-right',
  'rear',
  'rear-left',
  'left-rear',
  'left',
  'left-front',
] as const;
export type ContactZone = (typeof contactZones)[number];

/** The zone of the body's outline nearest to a point. */
export function contactZone(body: Body, point: Point): ContactZone {
  const dx = point[0] - body.x;
  const dy = point[1] - body.y;
  const forward = dx * body.hx + dy * body.hy;
  const left = -dx * body.hy + dy * body.hx;
  const third = (value: number, size: number): 0 | 1 | 2 => (value < -size / 6 ? 0 : value > size / 6 ? 2 : 1);
  const toFront = Math.abs(forward);
  const toRear = Math.abs(forward + body.length);
  const toLeft = Math.abs(left - body.width / 2);
  const toRight = Math.abs(left + body.width / 2);
  const nearest = Math.min(toFront, toRear, toLeft, toRight);
  const across = third(left, body.width);
  const along = third(forward + body.length / 2, body.length);
  if (nearest === toFront) return (['front-right', 'front', 'front-left'] as const)[across];
  if (nearest === toRear) return (['rear-right', 'rear', 'rear-left'] as const)[across];
  if (nearest === toRight) return (['right-rear', 'right', 'right-front'] as const)[along];
  return (['left-rear', 'left', 'left-front'] as const)[along];
}
