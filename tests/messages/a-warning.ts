import fc from 'fast-check';
import { type Stage, type Warning, warningClasses } from '../../messages/index.ts';

export const aWarning: Warning = {
  v: 1,
  alertId: 'alert-1',
  vehicleId: 'car-7',
  stage: 2,
  prevStage: 1,
  class: 'queue-tail',
  causeCode: 27,
  subCauseCode: 1,
  place: { lat: 43.7384176, lon: 7.4246158, street: 'Boulevard Albert 1er' },
  distance: 412.34,
  eta: 18.76,
  requiredDeceleration: 2.345,
  probability: 0.87654,
  adviceSpeed: 8.333,
  why: 'queue of 7 vehicles',
  issuedMs: 1_790_000_000_000,
  validUntilMs: 1_790_000_012_500,
  hazardId: 'hazard-3',
  causeTimestampMs: 1_789_999_999_900,
};

const stages = fc.constantFrom<Stage>(0, 1, 2, 3);
const instant = fc.double({ min: 1_750_000_000_000, max: 1_830_000_000_000, noNaN: true });

/** Warnings as the core could make them, extremes included. */
export const anyWarning: fc.Arbitrary<Warning> = fc.record(
  {
    v: fc.constant(1 as const),
    alertId: fc.string({ minLength: 1 }),
    vehicleId: fc.stringMatching(/^[A-Za-z0-9_.:-]{1,64}$/),
    stage: stages,
    prevStage: stages,
    class: fc.constantFrom(...warningClasses),
    causeCode: fc.integer({ min: 0, max: 255 }),
    subCauseCode: fc.integer({ min: 0, max: 255 }),
    place: fc.record(
      {
        lat: fc.double({ min: -90, max: 90, noNaN: true }),
        lon: fc.double({ min: -180, max: 180, noNaN: true }),
        street: fc.string(),
      },
      { requiredKeys: ['lat', 'lon'] },
    ),
    distance: fc.double({ min: 0, max: 5000, noNaN: true }),
    eta: fc.double({ min: 0, max: 600, noNaN: true }),
    requiredDeceleration: fc.double({ min: 0, max: 100, noNaN: true }),
    probability: fc.double({ min: 0, max: 1, noNaN: true }),
    adviceSpeed: fc.double({ min: 0, max: 60, noNaN: true }),
    why: fc.string(),
    issuedMs: instant,
    validUntilMs: instant,
    hazardId: fc.string(),
    causeTimestampMs: instant,
  },
  {
    requiredKeys: [
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
  },
);
