import { isJsonObject, type JsonObject } from './json-payload.ts';
import { VehicleFlag } from './vehicle-state.ts';

const none: JsonObject = {};
const objectAt = (parent: JsonObject, key: string): JsonObject => (isJsonObject(parent[key]) ? parent[key] : none);

/** J2735 VehicleEventFlags by the ODE's names; the index is the bit from the most significant one. */
const eventBits: readonly (readonly [string, number, number])[] = [
  ['eventHazardLights', 0, VehicleFlag.hazardLights],
  ['eventABSactivated', 2, VehicleFlag.absActive],
  // Wheels that spin or slide are told by either of the two systems.
  ['eventTractionControlLoss', 3, VehicleFlag.stabilityActive],
  ['eventStabilityControlactivated', 4, VehicleFlag.stabilityActive],
  ['eventHardBraking', 7, VehicleFlag.hardBraking],
  ['eventAirBagDeployment', 12, VehicleFlag.airbagDeployed],
];

/**
 * Flags of a BSM: brakes of the core data, event and light bits of part II, siren of the special vehicle extension.
 * Enrichment: whatever is malformed here is passed over. Bit strings come as objects of booleans (v6-8) or hex (v9).
 */
export function bsmFlags(core: JsonObject, partII: unknown): number {
  let flags = brakeFlags(objectAt(core, 'brakes'));
  const transmission = core.transmission;
  if (typeof transmission === 'string' && transmission.toLowerCase() === 'reversegears') flags |= VehicleFlag.reversing;
  if (typeof transmission === 'string' && transmission.toLowerCase() === 'park') flags |= VehicleFlag.parked;
  if (!Array.isArray(partII)) return flags;
  for (const part of partII.slice(0, 8)) {
    if (!isJsonObject(part)) continue;
    const raw = part['partII-Value'] ?? part.value;
    const value = isJsonObject(raw)
      ? isJsonObject(raw.VehicleSafetyExtensions)
        ? raw.VehicleSafetyExtensions
        : isJsonObject(raw.SpecialVehicleExtensions)
          ? raw.SpecialVehicleExtensions
          : raw
      : none;
    flags |= eventFlags(value.events) | lightFlags(value.lights) | alertFlags(objectAt(value, 'vehicleAlerts'));
  }
  return flags;
}

function brakeFlags(brakes: JsonObject): number {
  let flags = 0;
  const wheels = brakes.wheelBrakes;
  // Hex of a 5 bit string: bit 0 "unavailable", then the four wheels.
  if (typeof wheels === 'string' && /^[0-9A-Fa-f]{2}$/.test(wheels)) {
    const bits = Number.parseInt(wheels, 16);
    if ((bits & 0x80) === 0 && (bits & 0x78) !== 0) flags |= VehicleFlag.brakeLights;
  } else if (
    isJsonObject(wheels) &&
    ['leftFront', 'leftRear', 'rightFront', 'rightRear'].some((wheel) => wheels[wheel] === true)
  )
    flags |= VehicleFlag.brakeLights;
  if (brakes.abs === 'engaged') flags |= VehicleFlag.absActive;
  if (brakes.scs === 'engaged' || brakes.traction === 'engaged') flags |= VehicleFlag.stabilityActive;
  return flags;
}

const eventFlags = (events: unknown): number =>
  eventBits.reduce((flags, [name, index, bit]) => (isSet(events, name, index) ? flags | bit : flags), 0);

function lightFlags(lights: unknown): number {
  let flags = 0;
  if (isSet(lights, 'leftTurnSignalOn', 2)) flags |= VehicleFlag.leftIndicator;
  if (isSet(lights, 'rightTurnSignalOn', 3)) flags |= VehicleFlag.rightIndicator;
  if (isSet(lights, 'hazardSignalOn', 4)) flags |= VehicleFlag.hazardLights;
  return flags;
}

const alertFlags = (alerts: JsonObject): number =>
  alerts.sirenUse === 'inUse' || alerts.lightsUse === 'inUse' ? VehicleFlag.siren : 0;

function isSet(bits: unknown, name: string, index: number): boolean {
  if (isJsonObject(bits)) return bits[name] === true;
  if (Array.isArray(bits)) return bits.includes(name);
  if (typeof bits !== 'string' || !/^[0-9A-Fa-f]{2,8}$/.test(bits)) return false;
  const nibble = Number.parseInt(bits.charAt(index >> 2), 16);
  return (nibble & (8 >> (index & 3))) !== 0;
}
