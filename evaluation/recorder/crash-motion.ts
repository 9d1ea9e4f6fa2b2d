import { stepsPerSecond } from './traffic.ts';

/** A vehicle moved by the script: middle of the front bumper, m; m/s; degrees clockwise from north. */
export interface ScriptedState {
  x: number;
  y: number;
  speed: number;
  accel: number;
  headingDeg: number;
}

/** Share of the speed that is left 0.1 s after the contact, and the braking to rest after that, m/s². */
export interface Crash {
  readonly left: number;
  readonly braking: number;
}
export const headCrash: Crash = { left: 0.15, braking: 6 };
export const sideCrash: Crash = { left: 0.85, braking: 4 };
/** Wrecks of a scripted collision are removed after this, s. */
export const wreckSeconds = 70;

/** State of a vehicle n >= 1 steps after its contact, from that at the contact: straight on along its heading. */
export function afterContact(contact: Readonly<ScriptedState>, crash: Crash, n: number): ScriptedState {
  const dt = 1 / stepsPerSecond;
  const reduced = contact.speed * crash.left;
  const braked = Math.min((n - 1) * dt, reduced / crash.braking);
  const driven = ((contact.speed + reduced) / 2) * dt + reduced * braked - (crash.braking / 2) * braked * braked;
  const speed = Math.max(0, reduced - crash.braking * (n - 1) * dt);
  const heading = (contact.headingDeg * Math.PI) / 180;
  return {
    x: contact.x + Math.sin(heading) * driven,
    y: contact.y + Math.cos(heading) * driven,
    speed,
    accel: n === 1 ? (reduced - contact.speed) / dt : speed > 0 ? -crash.braking : 0,
    headingDeg: contact.headingDeg,
  };
}
