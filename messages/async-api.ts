import { hazardSchema, incidentReportSchema, telemetrySchema, warningSchema } from './schemas.ts';
import { topicBase } from './topics.ts';

const vehicleParameter = {
  vehicleId: { description: '1..64 characters of [A-Za-z0-9_.:-], equal to the MQTT user name' },
};
const json = 'application/json';

/** What `rahban/v1/receipts/{vehicleId}` answers to an incident report that is on disk. */
const receiptSchema = {
  title: 'Receipt',
  type: 'object',
  required: ['reportId', 'trackingCode'],
  properties: { reportId: { type: 'string' }, trackingCode: { type: 'string' } },
};

const statusSchema = {
  title: 'Status',
  description: 'Retained; the last will says offline.',
  type: 'object',
  required: ['online'],
  properties: { online: { type: 'boolean' } },
};

interface ChannelPlan {
  readonly name: string;
  readonly address: string;
  /** Seen from the platform. */
  readonly action: 'receive' | 'send';
  readonly title: string;
  readonly description: string;
  readonly parameters?: Readonly<Record<string, { readonly description: string }>>;
  readonly qos: 0 | 1;
  readonly payload: object;
}

const externalDialect = (title: string, description: string): object => ({ title, description, type: 'object' });

const plans: readonly ChannelPlan[] = [
  {
    name: 'telemetry',
    address: `${topicBase}/telemetry/{vehicleId}`,
    action: 'receive',
    title: 'Where a vehicle is and what it does',
    description: 'One to ten messages a second. CAM, BSM and phone JSON are told from their payload and read as well.',
    parameters: vehicleParameter,
    qos: 0,
    payload: telemetrySchema,
  },
  {
    name: 'incidentReports',
    address: `${topicBase}/incidents/{vehicleId}`,
    action: 'receive',
    title: "A vehicle's own crash, eCall or breakdown",
    description: 'The acknowledgement (PUBACK) means: on disk.',
    parameters: vehicleParameter,
    qos: 1,
    payload: incidentReportSchema,
  },
  {
    name: 'receipts',
    address: `${topicBase}/receipts/{vehicleId}`,
    action: 'send',
    title: 'Tracking code of a stored report',
    description: 'Sent once per stored report.',
    parameters: vehicleParameter,
    qos: 1,
    payload: receiptSchema,
  },
  {
    name: 'warnings',
    address: `${topicBase}/warnings/{vehicleId}`,
    action: 'send',
    title: 'Warning to one driver',
    description: 'Stage 1 about a kilometre ahead, 2 warning, 3 imminent, 0 cancelled.',
    parameters: vehicleParameter,
    qos: 1,
    payload: warningSchema,
  },
  {
    name: 'hazards',
    address: `${topicBase}/hazards/{quadkey}`,
    action: 'send',
    title: 'Predicted dangers for everybody near',
    description:
      'On the level 15 quadkey of the danger (about a kilometre); subscribe to your tile and its neighbours.',
    parameters: { quadkey: { description: 'Digits 0..3, one topic level each' } },
    qos: 0,
    payload: hazardSchema,
  },
  {
    name: 'itsMessages',
    address: '{root}/inQueue/v2x/{type}/{uuid}/{quadkey}',
    action: 'receive',
    title: 'CAM and DENM of Orange its-client',
    description: 'JSON CAM 1.1.3 to 2.4.0 and DENM 2.x. {quadkey} is one level per digit.',
    parameters: {
      root: { description: 'Prefix of the deployment' },
      type: { description: 'cam or denm' },
      uuid: { description: 'source_uuid of the message, equal to the MQTT user name' },
      quadkey: { description: 'Digits 0..3, one topic level each, up to 22' },
    },
    qos: 0,
    payload: externalDialect('ItsMessage', 'CAM or DENM by the JSON Schemas of the its-client project'),
  },
  {
    name: 'denms',
    address: '{root}/outQueue/v2x/denm/{uuid}/{quadkey}',
    action: 'send',
    title: 'Predicted dangers as DENM 2.3.0',
    description: 'On the quadkey of the danger; a subscriber of any covering tile gets it.',
    parameters: {
      root: { description: 'Prefix of the deployment' },
      uuid: { description: 'source_uuid of the platform' },
      quadkey: { description: 'Digits 0..3, one topic level each, 22 of them' },
    },
    qos: 0,
    payload: externalDialect('Denm', 'DENM by denm_schema_2-3-0.json of the its-client project'),
  },
  {
    name: 'status',
    address: `${topicBase}/status`,
    action: 'send',
    title: 'Whether the platform is there',
    description: 'Retained.',
    qos: 1,
    payload: statusSchema,
  },
];

/** AsyncAPI 3.0 document of the MQTT side, built from the schemas the decoders are tested against. `version` is of the wire format. */
export function asyncApiDocument(version = '1.0.0'): object {
  const reference = (name: string) => ({ $ref: `#/channels/${name}` });
  return {
    asyncapi: '3.0.0',
    id: 'urn:rahban:v1',
    info: {
      title: 'Rahban over MQTT',
      version,
      description: 'Telemetry in, warnings out. SI units, WGS 84, UTC milliseconds.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: json,
    channels: Object.fromEntries(
      plans.map((plan) => [
        plan.name,
        {
          address: plan.address,
          title: plan.title,
          description: plan.description,
          ...(plan.parameters !== undefined && { parameters: plan.parameters }),
          messages: { [plan.name]: { $ref: `#/components/messages/${plan.name}` } },
        },
      ]),
    ),
    operations: Object.fromEntries(
      plans.map((plan) => [
        `${plan.action}${plan.name.charAt(0).toUpperCase()}${plan.name.slice(1)}`,
        {
          action: plan.action,
          channel: reference(plan.name),
          messages: [{ $ref: `#/channels/${plan.name}/messages/${plan.name}` }],
          bindings: { mqtt: { qos: plan.qos, retain: plan.name === 'status', bindingVersion: '0.2.0' } },
        },
      ]),
    ),
    components: {
      messages: Object.fromEntries(
        plans.map((plan) => [plan.name, { title: plan.title, contentType: json, payload: plan.payload }]),
      ),
    },
  };
}
