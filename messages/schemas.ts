import { incidentReportKinds, maxNoteLength, reportIdPattern } from './incident-report.ts';
import { earliestMs, latestMs } from './instants.ts';
import { limits } from './limits.ts';
import { stationTypeNames } from './station-types.ts';
import { vehicleIdPattern } from './vehicle-id.ts';
import { VehicleFlag } from './vehicle-state.ts';
import { warningClasses } from './warning.ts';

const dialect = 'https://json-schema.org/draft/2020-12/schema';

type Range = readonly [number, number];
const needed = ([minimum, maximum]: Range, description: string) => ({ type: 'number', minimum, maximum, description });
/** `null` is "unknown", as is leaving it out. */
const optional = ([minimum, maximum]: Range, description: string) => ({
  type: ['number', 'null'],
  minimum,
  maximum,
  description,
});
const optionalFlag = (description: string) => ({ type: ['boolean', 'null'], description });
const instant = (description: string) => needed([earliestMs, latestMs], `${description}, UTC milliseconds`);

/** JSON Schema 2020-12 of `rahban/v1/telemetry/{vehicleId}`. A property test holds it equal to what `decode` accepts. */
export const telemetrySchema = {
  $schema: dialect,
  $id: 'urn:rahban:v1:telemetry',
  title: 'Telemetry',
  description: 'State of one vehicle at one instant. SI units, WGS 84. Keys not named here are ignored.',
  type: 'object',
  required: ['ts', 'lat', 'lon'],
  not: { required: ['_type'], properties: { _type: {} } },
  properties: {
    id: {
      type: ['string', 'null'],
      pattern: vehicleIdPattern,
      description: 'Vehicle id; must equal the one in the topic',
    },
    ts: instant('When the position was true'),
    lat: needed(limits.lat, 'Degrees; with lon the middle of the front bumper'),
    lon: needed(limits.lon, 'Degrees'),
    ref: { enum: ['front', 'centre', null], description: 'Which point of the body lat, lon is. Default front' },
    speed: optional(limits.speed, 'm/s'),
    heading: optional(limits.heading, 'Degrees clockwise from true north, direction of the body'),
    accel: optional(limits.accel, 'Longitudinal, m/s², forward positive'),
    yawRate: optional(limits.yawRate, 'rad/s, to the left positive'),
    altitude: optional(limits.altitude, 'm above the ellipsoid'),
    accuracy: optional(limits.accuracy, '1-sigma radius of the position error, m'),
    length: optional(limits.length, 'm'),
    width: optional(limits.width, 'm'),
    type: {
      description: 'ETSI station type, or a name',
      anyOf: [
        { type: ['integer', 'null'], minimum: 0, maximum: 255 },
        { type: 'string', enum: Object.keys(stationTypeNames) },
      ],
    },
    flags: {
      description: `Facts about the vehicle; known names: ${Object.keys(VehicleFlag).join(', ')}`,
      anyOf: [
        { type: 'null' },
        { type: 'array', maxItems: 32, items: { type: 'string' } },
        {
          type: 'object',
          properties: Object.fromEntries(Object.keys(VehicleFlag).map((name) => [name, { type: ['boolean', 'null'] }])),
        },
      ],
    },
  },
} as const;

/** JSON Schema 2020-12 of `rahban/v1/incidents/{vehicleId}`. */
export const incidentReportSchema = {
  $schema: dialect,
  $id: 'urn:rahban:v1:incident-report',
  title: 'IncidentReport',
  description: "A vehicle's own crash, eCall or breakdown. QoS 1; acknowledged when it is on disk.",
  type: 'object',
  required: ['reportId', 'kind', 'occurredAtMs', 'lat', 'lon'],
  properties: {
    reportId: {
      type: 'string',
      pattern: reportIdPattern,
      description: 'Chosen by the sender; a repeated id is stored once',
    },
    vehicleId: { type: ['string', 'null'], pattern: vehicleIdPattern, description: 'Must equal the one in the topic' },
    kind: { enum: [...incidentReportKinds] },
    occurredAtMs: instant('When it happened'),
    lat: needed(limits.lat, 'Degrees'),
    lon: needed(limits.lon, 'Degrees'),
    headingDeg: optional(limits.heading, 'Degrees clockwise from true north'),
    deltaV: optional(limits.deltaV, 'Largest change of velocity during the impact, m/s'),
    airbagDeployed: optionalFlag('An airbag fired'),
    rollover: optionalFlag('The vehicle lies on its side or roof'),
    occupants: { ...optional(limits.occupants, 'Persons on board'), type: ['integer', 'null'] },
    note: { type: ['string', 'null'], maxLength: maxNoteLength, description: 'Free text of the driver or device' },
  },
} as const;

const stage = { type: 'integer', enum: [0, 1, 2, 3], description: '0 cancel, 1 advisory, 2 warning, 3 imminent' };
const code = { type: 'integer', minimum: 0, maximum: 255 };

/** JSON Schema 2020-12 of `rahban/v1/warnings/{vehicleId}`: what `encodeWarning` writes. */
export const warningSchema = {
  $schema: dialect,
  $id: 'urn:rahban:v1:warning',
  title: 'Warning',
  description: 'One warning to one driver. A cancellation is the same alertId with stage 0.',
  type: 'object',
  additionalProperties: false,
  required: [
    'v',
    'alertId',
    'vehicleId',
    'stage',
    'prevStage',
    'class',
    'causeCode',
    'subCauseCode',
    'place',
    'distance',
    'eta',
    'requiredDeceleration',
    'probability',
    'why',
    'issuedMs',
    'validUntilMs',
  ],
  properties: {
    v: { const: 1 },
    alertId: { type: 'string' },
    vehicleId: { type: 'string', pattern: vehicleIdPattern },
    stage,
    prevStage: stage,
    class: { enum: [...warningClasses] },
    causeCode: { ...code, description: 'ETSI DENM cause' },
    subCauseCode: { ...code, description: 'ETSI DENM sub-cause' },
    place: {
      type: 'object',
      additionalProperties: false,
      required: ['lat', 'lon'],
      properties: {
        lat: needed(limits.lat, 'Degrees'),
        lon: needed(limits.lon, 'Degrees'),
        street: { type: 'string' },
      },
    },
    distance: { type: 'number', minimum: 0, description: "Metres along the driver's path to the place, at issue" },
    eta: { type: 'number', minimum: 0, description: 'Seconds to the place, at issue' },
    requiredDeceleration: { type: 'number', minimum: 0, description: 'm/s²' },
    probability: needed([0, 1], 'That it comes true if nobody reacts'),
    adviceSpeed: { type: 'number', minimum: 0, description: 'Advised speed, m/s' },
    why: { type: 'string', description: 'Which rule fired on which facts' },
    issuedMs: instant('Issued'),
    validUntilMs: instant('Ends by itself'),
    hazardId: { type: 'string' },
    causeTimestampMs: instant("When the vehicle's message that triggered this was generated"),
  },
} as const;

/** JSON Schema 2020-12 of `rahban/v1/hazards/{quadkey}`: the place of a danger, nobody's name. */
export const hazardSchema = {
  $schema: dialect,
  $id: 'urn:rahban:v1:hazard',
  title: 'Hazard',
  description: 'A danger at a place, for everybody near. Repeated while it lasts; ends by itself at validUntilMs.',
  type: 'object',
  required: ['v', 'hazardId', 'class', 'causeCode', 'subCauseCode', 'place', 'probability', 'issuedMs', 'validUntilMs'],
  properties: {
    v: { const: 1 },
    hazardId: { type: 'string' },
    class: warningSchema.properties.class,
    causeCode: warningSchema.properties.causeCode,
    subCauseCode: warningSchema.properties.subCauseCode,
    place: warningSchema.properties.place,
    probability: warningSchema.properties.probability,
    issuedMs: warningSchema.properties.issuedMs,
    validUntilMs: warningSchema.properties.validUntilMs,
  },
} as const;
