import { StationType } from './vehicle-state.ts';

/** Names that may stand for a station type in our own JSON. */
export const stationTypeNames = {
  unknown: StationType.unknown,
  pedestrian: StationType.pedestrian,
  bicycle: StationType.cyclist,
  cyclist: StationType.cyclist,
  moped: StationType.moped,
  motorcycle: StationType.motorcycle,
  car: StationType.passengerCar,
  taxi: StationType.passengerCar,
  bus: StationType.bus,
  van: StationType.lightTruck,
  truck: StationType.heavyTruck,
  trailer: StationType.trailer,
  ambulance: StationType.specialVehicle,
  police: StationType.specialVehicle,
  fire: StationType.specialVehicle,
  emergency: StationType.specialVehicle,
  tram: StationType.tram,
} as const;

const byName = new Map<string, number>(Object.entries(stationTypeNames));

/** Undefined for an unknown name. */
export const stationTypeOf = (name: string): number | undefined => byName.get(name);
