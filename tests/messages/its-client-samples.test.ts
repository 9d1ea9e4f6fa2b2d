import { expect, it } from 'vitest';
import { type Decoded, type DecodedMessage, rejectReasons } from '../../messages/index.ts';
import { describeWithSharedData } from '../fixtures/shared-data.ts';
import { decodeJson, reasonOf, sampleJson, stateOf } from './wire.ts';

interface Indexed {
  readonly file: string;
  readonly type: string;
  readonly schema_check: unknown;
}
interface Sample {
  readonly source_uuid: string;
  readonly timestamp: number;
  readonly message: { readonly basic_container?: { readonly reference_position: Record<string, number> } };
}

const folder = 'its-client/messages';

describeWithSharedData('messages of the its-client project', [`samples/${folder}/INDEX.json`], () => {
  const index = sampleJson<Indexed[]>(`${folder}/INDEX.json`);
  const decodeSample = (entry: Indexed): Decoded<DecodedMessage> => {
    const sample = sampleJson<Sample>(`${folder}/${entry.file}`);
    const received = Number.isInteger(sample.timestamp) ? sample.timestamp + 150 : 1_574_778_515_574;
    return decodeJson(`default/inQueue/v2x/${entry.type}/${sample.source_uuid}/0/3/1`, sample, received);
  };

  /** Everything each file says of itself: valid or the project's own negative vector, and whether it has a position. */
  const expected: Record<string, string> = {
    'cam_2-2-0_000.json': 'no-position',
    'denm_2-2-0_001.json': 'no-position',
    'cpm_2-1-0_002.json': 'unsupported-type',
    'spatem_2-0-0_003.json': 'unsupported-type',
    'denm_2-2-0_005.json': 'wrong-type',
    'cpm_1-0-0_007.json': 'unsupported-type',
    'cam_2-4-0_008.json': 'accepted',
    'cpm_2-1-1_010.json': 'unsupported-type',
    'cam_1-1-3_011.json': 'accepted',
    'cam_2-4-0_014.json': 'accepted',
  };
  it.each(index.map((entry) => [entry.file, entry] as const))('%s is read or refused as expected', (file, entry) => {
    const reason = reasonOf(decodeSample(entry));
    expect(reason).toBe(expected[file]);
    expect(['accepted', ...rejectReasons]).toContain(reason);
  });

  it('reads the raw integers of a CAM 1.1.3 as SI, with what is unavailable left out', () => {
    const state = stateOf(decodeSample(index.find((entry) => entry.file === 'cam_1-1-3_011.json')!));
    expect(state).toMatchObject({ vehicleId: 'v2x_12345678', stationType: 5, length: 4, width: 2, flags: 0 });
    expect(state.lat).toBeCloseTo(44.7758076, 9);
    expect(state.lon).toBeCloseTo(-0.6528173, 9);
    expect(state.speed).toBeCloseTo(0.21, 9);
    expect(state.headingDeg).toBeCloseTo(303.7, 9);
    expect(state.altitude).toBeCloseTo(81.44, 9);
    expect(state.accel).toBeUndefined();
    expect(state.yawRate).toBeUndefined();
    // 1742890346165 - 1072915200000 = 28341 (mod 65536), the delta says 28278: the position is 63 ms older than the envelope.
    expect(state.timestampMs).toBe(1_742_890_346_165 - 63);
  });

  it('turns 5.62 deg/s to the left into rad/s', () => {
    const state = stateOf(decodeSample(index.find((entry) => entry.file === 'cam_2-4-0_014.json')!));
    expect(state.yawRate).toBeCloseTo((5.62 * Math.PI) / 180, 9);
    expect(state.accel).toBeCloseTo(1, 9);
  });

  it('trusts the envelope when the wrapped clock contradicts it by more than two seconds', () => {
    const entry = index.find((each) => each.file === 'cam_2-4-0_008.json')!;
    expect(stateOf(decodeSample(entry)).timestampMs).toBe(1_574_778_515_424);
  });

  it('refuses a CAM on the topic of another source', () => {
    const sample = sampleJson<Sample>(`${folder}/cam_2-4-0_008.json`);
    const decoded = decodeJson('default/inQueue/v2x/cam/somebody-else/0/1', sample, sample.timestamp);
    expect(reasonOf(decoded)).toBe('vehicle-id-mismatch');
  });
});
