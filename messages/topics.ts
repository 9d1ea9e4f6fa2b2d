/** Root of the platform's own topics. */
export const topicBase = 'rahban/v1';
export const telemetryTopic = (vehicleId: string): string => `${topicBase}/telemetry/${vehicleId}`;
export const warningTopic = (vehicleId: string): string => `${topicBase}/warnings/${vehicleId}`;
export const incidentTopic = (vehicleId: string): string => `${topicBase}/incidents/${vehicleId}`;
export const receiptTopic = (vehicleId: string): string => `${topicBase}/receipts/${vehicleId}`;
/** One level per quadkey digit, so that a subscriber chooses the size of its tile. */
export const hazardTopic = (quadkey: string): string => `${topicBase}/hazards/${quadkey.split('').join('/')}`;
export const statusTopic = `${topicBase}/status`;
