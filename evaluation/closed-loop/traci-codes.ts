/** Codes of SUMO's TraCI protocol (sumo.dlr.de/docs/TraCI/Protocol.html), only those used here. */
export const Command = {
  getVersion: 0x00,
  simulationStep: 0x02,
  close: 0x7f,
  getVehicle: 0xa4,
  setVehicle: 0xc4,
  subscribeVehicle: 0xd4,
  getSimulation: 0xab,
  subscribeSimulation: 0xdb,
} as const;

/** What a get or set command is answered with, and what a subscription delivers: the command's code plus 0x10. */
export const answerOffset = 0x10;

export const VehicleVariable = {
  idList: 0x00,
  speed: 0x40,
  position: 0x42,
  angle: 0x43,
  length: 0x44,
  tau: 0x48,
  width: 0x4d,
  type: 0x4f,
  signals: 0x5b,
  speedFactor: 0x5e,
  acceleration: 0x72,
  actionStepLength: 0x7d,
  remove: 0x81,
  speedMode: 0xb3,
} as const;

export const SimulationVariable = {
  collisions: 0x23,
  time: 0x66,
  departedIds: 0x74,
} as const;

export const TypeCode = {
  position2d: 0x01,
  unsignedByte: 0x07,
  byte: 0x08,
  integer: 0x09,
  double: 0x0b,
  text: 0x0c,
  textList: 0x0e,
  compound: 0x0f,
} as const;

/** Reason of a removal: the vehicle vanishes, it has not arrived. */
export const removeVanished = 0x03;

/** "No bound" for the begin and end of a subscription. */
export const unboundedTime = -1073741824;

/** Fields of one record of the collision list: collider, victim, their types, their speeds, kind, lane, position. */
export const collisionFields = 9;
