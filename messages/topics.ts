/** Root of the platform's own topics. */
export const topicBase = 'rahban/v1';
export const telemetryPrefix = `${topicBase}/telemetry/`;
export const telemetryTopic = (vehicleId: string): string => `${telemetryPrefix}${vehicleId}`;
export const warningTopic = (vehicleId: string): string => `${topicBase}/warnings/${vehicleId}`;
export const incidentTopic = (vehicleId: string): string => `${topicBase}/incidents/${vehicleId}`;
export const receiptTopic = (vehicleId: string): string => `${topicBase}/receipts/${vehicleId}`;
/** One level per quadkey digit, so that a subscriber chooses the size of its tile. */
export const hazardTopic = (quadkey: string): string => `${topicBase}/hazards/${quadkey.split('').join('/')}`;
export const statusTopic = `${topicBase}/status`;

/** Orange its-client, out of the platform: `{root}/outQueue/v2x/denm/{uuid}/{q0}/{q1}/…`, so that any covering tile's subscriber gets it. */
export const denmTopic = (root: string, sourceUuid: string, quadkey: string): string =>
  `${root}/outQueue/v2x/denm/${sourceUuid}/${quadkey.split('').join('/')}`;
