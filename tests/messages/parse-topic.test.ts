import { expect, it } from 'vitest';
import {
  denmTopic,
  hazardTopic,
  incidentTopic,
  parseTopic,
  receiptTopic,
  statusTopic,
  telemetryTopic,
  warningTopic,
} from '../../messages/index.ts';

it.each([
  [telemetryTopic('car-7'), { kind: 'telemetry', vehicleId: 'car-7' }],
  [`/${telemetryTopic('car-7')}`, { kind: 'telemetry', vehicleId: 'car-7' }],
  [incidentTopic('car-7'), { kind: 'incident', vehicleId: 'car-7' }],
  [warningTopic('car-7'), { kind: 'warning', vehicleId: 'car-7' }],
  [receiptTopic('car-7'), { kind: 'receipt', vehicleId: 'car-7' }],
  [hazardTopic('0123'), { kind: 'hazard', quadkey: '0123' }],
  [statusTopic, { kind: 'status' }],
  [
    denmTopic('default', 'rahban', '0312'),
    { kind: 'v2x', root: 'default', queue: 'out', type: 'denm', uuid: 'rahban', quadkey: '0312' },
  ],
  [
    'default/outQueue/v2x/cam/com_car_555/0/3/1/3/3/3/1/1/1/2/0/2/1/0/0/1/2/1/2/1/2/1',
    { kind: 'v2x', root: 'default', queue: 'out', type: 'cam', uuid: 'com_car_555', quadkey: '0313331112021001212121' },
  ],
  [
    '/a/b/inQueue/v2x/denm/u/1/2/0/',
    { kind: 'v2x', root: 'a/b', queue: 'in', type: 'denm', uuid: 'u', quadkey: '120' },
  ],
  [
    '5GCroCo/outQueue/v2x/info/broker',
    { kind: 'v2x', root: '5GCroCo', queue: 'out', type: 'info', uuid: 'broker', quadkey: '' },
  ],
  ['vanetza/out/cam', { kind: 'vanetza', direction: 'out', type: 'cam' }],
  ['owntracks/car-7/phone', { kind: 'owntracks', user: 'car-7', device: 'phone' }],
  [
    '/hfp/v2/journey/ongoing/vp/bus/0018/00423/2159/2/Matinkylä (M)/09:32/2442201/3/60;24/16/58/67',
    { kind: 'hfp', event: 'vp', mode: 'bus', operator: '0018', vehicle: '00423' },
  ],
  [
    '/hfp/v1/journey/ongoing/bus/0022/00854//////////',
    { kind: 'hfp', event: '', mode: 'bus', operator: '0022', vehicle: '00854' },
  ],
])('%s', (topic, expected) => {
  expect(parseTopic(topic)).toEqual(expected);
});

it.each([
  '',
  'rahban/v1',
  'rahban/v1/hazards/',
  'rahban/v1/hazards/0/4',
  'rahban/v2/telemetry/x',
  'default/inQueue/v2x/cam/u/0/4',
  'default/inQueue/v2x/nonsense/u',
  `default/inQueue/v2x/cam/u/${Array(23).fill('0').join('/')}`,
  'vanetza/out/nothing',
  'owntracks/u',
  '$SYS/broker',
  'a/b/c',
])('%j is unknown', (topic) => {
  expect(parseTopic(topic)).toEqual({ kind: 'unknown' });
});
