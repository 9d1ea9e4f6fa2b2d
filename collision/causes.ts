import type { AlertClass } from './types.ts';
import { alertClasses } from './types.ts';

/** Wire order of a class. */
export function classIndex(name: AlertClass): number {
  return alertClasses.indexOf(name);
}

export const ClassIndex = {
  stationaryVehicle: classIndex('stationary-vehicle'),
  crashedVehicle: classIndex('crashed-vehicle'),
  queueTail: classIndex('queue-tail'),
  slowVehicle: classIndex('slow-vehicle'),
  wrongWay: classIndex('wrong-way'),
  obstacle: classIndex('obstacle'),
  hardBraking: classIndex('hard-braking'),
  rearEnd: classIndex('rear-end'),
  crossing: classIndex('crossing'),
  turnAcross: classIndex('turn-across'),
  merge: classIndex('merge'),
  headOn: classIndex('head-on'),
  vulnerable: classIndex('vulnerable-road-user'),
  laneChange: classIndex('lane-change'),
  controlLoss: classIndex('control-loss'),
  emergencyVehicle: classIndex('emergency-vehicle'),
} as const;

/** DENM cause and sub-cause per class, order of `alertClasses` (ETSI TS 102 894-2; v2x.md section 6). */
const causes: readonly (readonly [cause: number, subCause: number])[] = [
  [94, 0],
  [92, 0],
  [27, 1],
  [26, 0],
  [14, 2],
  [10, 0],
  [99, 1],
  [97, 1],
  [97, 2],
  [97, 2],
  [97, 3],
  [97, 1],
  [97, 4],
  [97, 3],
  [99, 4],
  [95, 1],
];

export function causeCode(cls: number): number {
  return causes[cls][0];
}

export function subCauseCode(cls: number): number {
  return causes[cls][1];
}
