import { expect, it } from 'vitest';
import { decode, VehicleFlag } from '../../messages/index.ts';
import { describeWithSharedData } from '../fixtures/shared-data.ts';
import { aRawBsm } from './a-bsm.ts';
import { bytes, decodeJson, reasonOf, sampleJson, sampleText, stateOf } from './wire.ts';

const log = 'jpo-ode/data/bsmLogDuringEvent.json';
const approach = 'jpo-conflictmonitor/ApproachAndStopAtLine.csv';

describeWithSharedData('BSM logs of the USDOT ODE', [`samples/${log}`, `samples/${approach}`], () => {
  it('accepts all 222 BSMs of a log, each within 110 ms of the time the log gives it', () => {
    const lines = sampleText(log).trim().split('\n');
    expect(lines).toHaveLength(222);
    const ids = new Set<string>();
    for (const line of lines) {
      const { metadata } = JSON.parse(line) as { metadata: { recordGeneratedAt: string } };
      const logged = Date.parse(metadata.recordGeneratedAt);
      const state = stateOf(decode('', bytes(line), logged));
      expect(Math.abs(state.timestampMs - logged)).toBeLessThanOrEqual(110);
      expect(state.speed).toBeLessThan(1);
      ids.add(state.vehicleId);
    }
    expect([...ids].sort()).toEqual(['31325431', '31325433']);
  });

  it('moves the centre of a 5.70 m long vehicle to its front bumper, 2.85 m along the heading', () => {
    const line = sampleText(log).split('\n')[0]!;
    const core = (
      JSON.parse(line) as { payload: { data: { coreData: { position: Record<string, number>; heading: number } } } }
    ).payload.data.coreData;
    const state = stateOf(decode('', bytes(line), Date.parse('2018-05-01T16:04:23.694Z')));
    const north = (state.lat - core.position.latitude!) * 111_319.49;
    const east = (state.lon - core.position.longitude!) * 111_319.49 * Math.cos((state.lat * Math.PI) / 180);
    expect(Math.hypot(north, east)).toBeCloseTo(2.85, 2);
    expect(((Math.atan2(east, north) * 180) / Math.PI + 360) % 360).toBeCloseTo(core.heading, 1);
  });

  it('reads the same vehicle alike from decimals (schema 6) and from raw integers (schema 9)', () => {
    const row = sampleText(approach)
      .split('\n')
      .find((line) => line.startsWith('BSM,1049,'))!;
    const text = row
      .slice(row.indexOf('{'))
      .replaceAll('@ISO_DATE_TIME@', '2026-05-04T10:20:30.500Z')
      .replaceAll('@TEMP_ID@', '1728B02E')
      .replaceAll('"@MILLI_OF_MINUTE@"', '30300');
    const received = Date.parse('2026-05-04T10:20:30.600Z');
    const decimals = stateOf(decode('', bytes(text), received));
    const raw = stateOf(decodeJson('', aRawBsm({ semiMajor: 40, semiMinor: 40 }), received));
    for (const field of ['speed', 'headingDeg', 'altitude', 'accel', 'yawRate', 'length', 'width', 'accuracy'] as const)
      expect(raw[field], field).toBeCloseTo(decimals[field]!, 9);
    expect(raw.timestampMs).toBe(decimals.timestampMs);
    expect(raw.timestampMs).toBe(Date.parse('2026-05-04T10:20:30.300Z'));
    expect(raw).toMatchObject({ speed: 22.62, vehicleId: '1728B02E' });
    expect(raw.headingDeg).toBeCloseTo(169.2, 9);
    // J2735 counts yaw to the right: -0.65 deg/s is a left turn.
    expect(raw.yawRate).toBeCloseTo((0.65 * Math.PI) / 180, 9);
  });

  it.each(['sample-psm.json', 'sample-sdsm.json'])('%s is recognised and refused as another type', (file) => {
    expect(reasonOf(decodeJson('', sampleJson(`jpo-ode/j2735_2024/${file}`), 1.75e12))).toBe('unsupported-type');
  });
});

it('takes the name of the topic for a BSM, whose own id is temporary', () => {
  const state = stateOf(decodeJson('rahban/v1/telemetry/car-7', aRawBsm(), Date.parse('2026-05-04T10:20:30.600Z')));
  expect(state.vehicleId).toBe('car-7');
});

it('reads flags from brake bits, event bits and the siren', () => {
  const flags = (core: object, partII: object[] = []) => {
    const bsm = aRawBsm({ ...core });
    Object.assign(bsm.payload.data.value.BasicSafetyMessage, { partII });
    return stateOf(decodeJson('', bsm, Date.parse('2026-05-04T10:20:30.600Z'))).flags;
  };
  expect(flags({})).toBe(0);
  expect(flags({ brakes: { wheelBrakes: '78', abs: 'engaged' } })).toBe(
    VehicleFlag.brakeLights | VehicleFlag.absActive,
  );
  expect(flags({ brakes: { traction: 'engaged' } }, [])).toBe(VehicleFlag.stabilityActive);
  expect(flags({}, [{ value: { events: { eventTractionControlLoss: true } } }])).toBe(VehicleFlag.stabilityActive);
  // eventHardBraking is bit 7, eventAirBagDeployment bit 12 from the left.
  expect(flags({}, [{ value: { events: '0108' } }])).toBe(VehicleFlag.hardBraking | VehicleFlag.airbagDeployed);
  expect(flags({}, [{ value: { vehicleAlerts: { sirenUse: 'inUse' } } }])).toBe(VehicleFlag.siren);
});
