import { StationType } from '../../messages/index.ts';

/** What drives in the simulated city. */
export interface VehicleKind {
  readonly name: 'car' | 'van' | 'truck' | 'motorcycle' | 'bus' | 'ambulance' | 'police';
  readonly stationType: number;
  /** m. */
  readonly length: number;
  readonly width: number;
  /** Largest acceleration, m/s². */
  readonly acceleration: number;
  /** Share of the limit the drivers of this kind want, lowest and highest. */
  readonly pace: readonly [number, number];
}

export const vehicleKinds = {
  car: {
    name: 'car',
    stationType: StationType.passengerCar,
    length: 4.4,
    width: 1.8,
    acceleration: 1.6,
    pace: [0.85, 1],
  },
  van: {
    name: 'van',
    stationType: StationType.lightTruck,
    length: 5.6,
    width: 2,
    acceleration: 1.3,
    pace: [0.8, 0.95],
  },
  truck: {
    name: 'truck',
    stationType: StationType.heavyTruck,
    length: 7.5,
    width: 2.3,
    acceleration: 0.9,
    pace: [0.7, 0.85],
  },
  motorcycle: {
    name: 'motorcycle',
    stationType: StationType.motorcycle,
    length: 2.2,
    width: 0.8,
    acceleration: 2,
    pace: [0.85, 1],
  },
  bus: { name: 'bus', stationType: StationType.bus, length: 9, width: 2.3, acceleration: 1, pace: [0.75, 0.85] },
  ambulance: {
    name: 'ambulance',
    stationType: StationType.specialVehicle,
    length: 5.6,
    width: 2,
    acceleration: 1.8,
    pace: [0.95, 1],
  },
  police: {
    name: 'police',
    stationType: StationType.specialVehicle,
    length: 4.6,
    width: 1.8,
    acceleration: 1.8,
    pace: [0.9, 1],
  },
} as const satisfies Record<string, VehicleKind>;

/** Shares of the private traffic, summing to 1. */
export const privateMix: readonly (readonly [VehicleKind, number])[] = [
  [vehicleKinds.car, 0.72],
  [vehicleKinds.motorcycle, 0.12],
  [vehicleKinds.van, 0.1],
  [vehicleKinds.truck, 0.06],
];
