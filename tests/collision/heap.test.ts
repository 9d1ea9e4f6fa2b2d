import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** No compiling beside the measurement, and so large a nursery that nothing is collected between its two readings. */
const flags = ['--expose-gc', '--single-threaded', '--max-semi-space-size=256'];

test('nothing is allocated per message or look after the warm-up', () => {
  const out = execFileSync(process.execPath, [...flags, join(import.meta.dirname, 'heap-watch.mjs'), '10']);
  const { bytesPerMessage, messages, events, unmatched } = JSON.parse(out.toString());
  expect(messages).toBe(300_000);
  expect(events).toBe(0);
  expect(unmatched).toBe(0);
  // The smallest thing JavaScript can allocate, a boxed number, takes 12 bytes; one message in eight leads to a full look.
  expect(bytesPerMessage).toBeLessThan(1.5);
}, 120_000);
