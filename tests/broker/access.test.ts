import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Holder } from '../../broker/access/holder.ts';
import { routeInbound } from '../../broker/access/inbound-topics.ts';
import { mayReceive, maySubscribe } from '../../broker/access/outbound-topics.ts';
import { clientIdBelongsTo, isSafeId } from '../../broker/identifier.ts';

const car: Holder = { principal: 'car-1', kind: 'vehicle' };
const buses: Holder = { principal: 'bus-gw', kind: 'gateway', prefix: 'bus-' };
const monitor: Holder = { principal: 'wall', kind: 'monitor' };

describe('what may be published', () => {
  test.each([
    ['rahban/v1/telemetry/car-1', 'car-1', false],
    ['rahban/v1/incidents/car-1', 'car-1', true],
    ['default/inQueue/v2x/cam/car-1/1/2/0/3', 'car-1', false],
    ['a/b/inQueue/v2x/denm/car-1', 'car-1', true],
    ['/5GCroCo/inQueue/v2x/denm/car-1/0/1/', 'car-1', true],
    [`root/inQueue/v2x/cam/car-1${'/3'.repeat(22)}`, 'car-1', false],
    ['owntracks/car-1/phone', 'car-1', false],
  ])('%s belongs to %s, durable %s', (topic, vehicleId, durable) => {
    expect(routeInbound(topic)).toEqual({ vehicleId, durable });
  });

  test.each([
    '',
    '/',
    'rahban/v1/telemetry/',
    'rahban/v1/telemetry/car-1/',
    'rahban/v1/telemetry/car-1/x',
    'rahban/v1/telemetry/car 1',
    'rahban/v1/telemetry/car\u00001',
    'rahban/v1/telemetry/c\ufffd',
    'rahban/v1/telemetry/خودرو',
    'rahban/v1/telemetry/__proto__',
    'rahban/v1/telemetry/constructor',
    'rahban/v1/telemetry/+',
    'rahban/v1/telemetry/#',
    `rahban/v1/telemetry/${'x'.repeat(65)}`,
    'Rahban/v1/telemetry/car-1',
    '/rahban/v1/telemetry/car-1',
    'rahban/v1/warnings/car-1',
    'rahban/v1/status',
    'rahban/v1/hazards/1/2',
    '$SYS/broker',
    '$share/g/rahban/v1/telemetry/car-1',
    'inQueue/v2x/cam/car-1',
    'root/outQueue/v2x/cam/car-1',
    'root/inQueue/v2x/unknown/car-1',
    'root/inQueue/v2x/cam/car-1/4',
    `root/inQueue/v2x/cam/car-1${'/3'.repeat(23)}`,
    'x'.repeat(65_535),
    '/'.repeat(150),
  ])('%j belongs to nobody', (topic) => {
    expect(routeInbound(topic)).toBeUndefined();
  });
});

describe('what may be subscribed', () => {
  const all = [
    'rahban/v1/status',
    'rahban/v1/hazards/#',
    'rahban/v1/hazards/1/2/+/#',
    'rahban/v1/hazards/0/1/2/3',
    'root/outQueue/v2x/#',
    'root/outQueue/v2x/denm/#',
    'root/outQueue/v2x/denm/+/0/1/2/#',
    '/a/outQueue/v2x/+/+/1/+',
  ];
  test.each(all)('%s by everybody', (filter) => {
    expect([car, buses, monitor].map((holder) => maySubscribe(holder, filter))).toEqual([true, true, true]);
  });

  test.each([
    ['rahban/v1/warnings/car-1', true, false, true],
    ['rahban/v1/receipts/car-1', true, false, false],
    ['rahban/v1/warnings/bus-7', false, true, true],
    ['rahban/v1/receipts/bus-7', false, true, false],
    ['rahban/v1/warnings/+', false, true, true],
    ['rahban/v1/warnings/#', false, true, true],
    ['rahban/v1/receipts/+', false, true, false],
    ['root/outQueue/car-1/denm/+', true, false, false],
    ['root/outQueue/bus-7/denm/car-1', false, true, false],
  ])('%s: vehicle %s, gateway %s, monitor %s', (filter, ...expected) => {
    expect([car, buses, monitor].map((holder) => maySubscribe(holder, filter))).toEqual(expected);
  });

  test.each([
    '#',
    '+',
    '+/#',
    '/#',
    'rahban/#',
    'rahban/v1/#',
    'rahban/v1/+/car-1',
    'rahban/+/warnings/car-1',
    'rahban/v1/warnings/car-1/#',
    'rahban/v1/warnings/car+',
    'rahban/v1/warnings/+car',
    'rahban/v1/warnings/c#',
    'rahban/v1/warnings/car-1\u0000',
    'rahban/v1/telemetry/+',
    'rahban/v1/telemetry/car-1',
    'rahban/v1/incidents/car-1',
    'rahban/v1/hazards/4',
    'rahban/v1/hazards#',
    'rahban/v1/hazards/1+',
    '+/outQueue/v2x/#',
    'root/+/v2x/#',
    'root/inQueue/v2x/#',
    '$SYS/#',
    '$SYS/broker/clients',
    '$share/g/rahban/v1/warnings/car-1',
    '$share/g/rahban/v1/hazards/#',
    '__proto__',
    'constructor',
    'rahban/v1/warnings/__proto__',
    '',
    'x'.repeat(65_535),
    '/'.repeat(150),
  ])('%j by nobody', (filter) => {
    expect([car, buses, monitor].map((holder) => maySubscribe(holder, filter))).toEqual([false, false, false]);
  });
});

test('a delivery is checked by its own topic, whatever the filter was', () => {
  expect(mayReceive(buses, 'rahban/v1/warnings/bus-7')).toBe(true);
  expect(mayReceive(buses, 'rahban/v1/warnings/car-1')).toBe(false);
  expect(mayReceive(monitor, 'rahban/v1/warnings/car-1')).toBe(true);
  expect(mayReceive(car, 'rahban/v1/hazards/1/2')).toBe(true);
  expect(mayReceive(car, '$SYS/x')).toBe(false);
  expect(mayReceive(monitor, 'rahban/v1/telemetry/car-1')).toBe(false);
});

test('every granted plain filter names only topics that are delivered, and no granted filter starts with $', () => {
  const word = fc.constantFrom(
    'rahban',
    'v1',
    'warnings',
    'receipts',
    'hazards',
    'status',
    'car-1',
    'car-2',
    'root',
    'outQueue',
    'v2x',
    'denm',
    '1',
    '+',
    '#',
    '$SYS',
    '',
  );
  fc.assert(
    fc.property(
      fc.constantFrom(car, buses, monitor),
      fc.array(word, { minLength: 1, maxLength: 6 }),
      (holder, words) => {
        const filter = words.join('/');
        if (!maySubscribe(holder, filter)) return;
        expect(filter.startsWith('$')).toBe(false);
        if (!/[+#]/.test(filter) && filter !== 'rahban/v1/hazards') expect(mayReceive(holder, filter)).toBe(true);
      },
    ),
    { numRuns: 5000 },
  );
});

test('a client id belongs to one principal only', () => {
  expect(clientIdBelongsTo('car-1', 'car-1')).toBe(true);
  expect(clientIdBelongsTo('car-1', 'car-1/tablet')).toBe(true);
  for (const other of [
    'car-10',
    'car-1/',
    'car-1//x',
    'car-1/a b',
    'car-1/a/b',
    'car',
    '',
    'CAR-1',
    `car-1/${'x'.repeat(65)}`,
  ])
    expect(clientIdBelongsTo('car-1', other)).toBe(false);
});

test('ids that every object inherits are not safe', () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'a/b', 'a b', 'ä'])
    expect(isSafeId(name)).toBe(false);
});
