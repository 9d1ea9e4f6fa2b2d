import type {} from '@fastify/swagger';
import { type TSchema, Type } from 'typebox';
import { type Role, roles } from '../messages/index.ts';
import { accountNamePattern } from './accounts/account-store.ts';
import { boundingBoxPattern, lonLatPattern } from './map/bounding-box.ts';

/** Shapes that several routes share. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String(),
    detail: Type.Optional(Type.String()),
    instance: Type.String(),
  },
  { description: 'RFC 9457, application/problem+json', additionalProperties: true },
);

/** The successful answer and, for the document, what goes wrong. */
export const answers = <T extends TSchema>(ok: T) => ({ 200: ok, '4xx': ProblemSchema, '5xx': ProblemSchema });

export const RoleSchema = Type.Unsafe<Role>({ type: 'string', enum: [...roles] });
export const AccountName = Type.String({ pattern: accountNamePattern });
export const TrackingCode = Type.String({ pattern: '^[A-Za-z0-9-]{4,40}$', examples: ['RB-7K3QX9'] });
export const VehicleId = Type.String({ pattern: '^[A-Za-z0-9_.:-]{1,64}$' });
export const BoundingBoxText = Type.String({
  pattern: boundingBoxPattern,
  maxLength: 80,
  description: 'west,south,east,north in degrees',
  examples: ['7.40,43.72,7.44,43.76'],
});
export const LonLatText = Type.String({
  pattern: lonLatPattern,
  maxLength: 40,
  description: 'lon,lat in degrees',
  examples: ['7.4197,43.7314'],
});
export const Limit = (greatest: number) => Type.Optional(Type.Integer({ minimum: 1, maximum: greatest }));
export const Cursor = Type.Optional(
  Type.String({ pattern: '^[A-Za-z0-9_.=:-]{1,200}$', description: '`next` of the page before' }),
);

export const LineStringSchema = Type.Object({
  type: Type.Literal('LineString'),
  coordinates: Type.Array(Type.Array(Type.Number())),
});
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** Speeds km/h, times s, length m. */
export const TrafficSegmentSchema = Type.Object({
  segmentId: Type.Integer(),
  street: Type.Optional(Type.String()),
  currentSpeed: nullable(Type.Number()),
  freeFlowSpeed: Type.Number(),
  currentTravelTime: nullable(Type.Number()),
  freeFlowTravelTime: Type.Number(),
  jamFactor: nullable(Type.Number()),
  confidence: Type.Number(),
  length: Type.Number(),
  updatedAt: nullable(Type.String()),
  geometry: Type.Optional(LineStringSchema),
});

export const IncidentSummaryProperties = {
  trackingCode: Type.String(),
  kind: Type.String(),
  state: Type.String(),
  severity: Type.String(),
  place: Type.Object({ lat: Type.Number(), lon: Type.Number(), street: Type.Optional(Type.String()) }),
  occurredAt: Type.String(),
  recordedAt: Type.String(),
  vehicles: Type.Integer(),
};
export const IncidentStates = Type.Union([
  Type.Literal('suspected'),
  Type.Literal('probable'),
  Type.Literal('confirmed'),
  Type.Literal('cleared'),
  Type.Literal('rejected'),
]);
/** [id, lon, lat, headingDeg, speed m/s, station type, stage, age s]; a number that is not known is null. */
export const LiveVehicleSchema = Type.Array(Type.Any(), {
  minItems: 8,
  maxItems: 8,
  description: 'id, lon, lat, headingDeg, speed m/s, ETSI station type, stage, age s',
});
export const FacilityProperties = {
  kind: Type.String(),
  name: Type.String(),
  nameFa: Type.Optional(Type.String()),
};
