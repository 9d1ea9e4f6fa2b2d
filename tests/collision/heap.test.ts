import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** No compiling beside the measurement, and so large a nursery that nothing is collected between two readings of the heap. */
const flags = ['--expose-gc', '--single-threaded', '--min-semi-space-size=512', '--max-semi-space-size=512'];

test('messages and looks leave nothing on the heap and hardly pass over it', () => {
  const out = execFileSync(process.execPath, [...flags, join(import.meta.dirname, 'heap-watch.mjs'), '10']);
  const { perMessage, messages, events, unmatched } = JSON.parse(out.toString());
  expect(messages).toBe(300_000);
  expect(events).toBe(0);
  expect(unmatched).toBe(0);
  expect(perMessage.lasting).toBeLessThan(1);
  // Not one boxed double (16 bytes) a message; those there are come from the looks, about one a second and vehicle.
  expect(perMessage.passing).toBeLessThan(16);
}, 120_000);
