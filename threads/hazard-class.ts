import type { AlertClass } from '../collision/index.ts';

/** ETSI DENM cause code to the hazard classes the core knows; codes without a place on the road (weather, services) have none. */
const classes: Readonly<Record<number, AlertClass>> = {
  1: 'queue-tail',
  2: 'crashed-vehicle',
  9: 'obstacle',
  10: 'obstacle',
  11: 'obstacle',
  12: 'vulnerable-road-user',
  14: 'wrong-way',
  26: 'slow-vehicle',
  27: 'queue-tail',
  91: 'stationary-vehicle',
  92: 'crashed-vehicle',
  94: 'stationary-vehicle',
};

export function hazardClassOf(causeCode: number): AlertClass | undefined {
  return classes[causeCode];
}
