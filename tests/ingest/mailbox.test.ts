import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocateMailbox, MailboxKind, MailboxReader, MailboxWriter } from '../../ingest/index.ts';
import { noon, vehicle } from './fleet.ts';

function pair(capacity: number) {
  const buffer = allocateMailbox(capacity);
  return { writer: new MailboxWriter(buffer), reader: new MailboxReader(buffer) };
}

test('a state arrives whole, in the order of CollisionEngine.update, and what is unavailable arrives as NaN', () => {
  const { writer, reader } = pair(4);
  const { speed: _speed, ...rest } = vehicle('a', noon, { accel: -3, yawRate: 0.1, length: 4.5, flags: 3 });
  writer.put(2, 7, rest, noon + 20);
  const seen: number[][] = [];
  reader.drain(10, (...args) => seen.push(args));
  const none = Number.NaN;
  expect(seen).toEqual([[2, 7, noon, 35.7, 51.4, none, 0, -3, 0.1, none, 4.5, none, 5, 3, noon + 20, 0]]);
  expect(reader.drain(10, () => expect.unreachable())).toBe(0);
});

test('the newest unread state wins, each one replaced is counted as shed, and a slot waits only once', () => {
  const { writer, reader } = pair(4);
  for (let i = 0; i < 5; i += 1) writer.put(1, 1, vehicle('a', noon + i), noon);
  writer.put(0, 1, vehicle('b', noon), noon);
  expect(reader.pending).toBe(2);
  const seen: [number, number][] = [];
  reader.drain(10, (slot, _generation, timestampMs) => seen.push([slot, timestampMs]));
  expect(seen).toEqual([
    [1, noon + 4],
    [0, noon],
  ]);
  expect(writer.shed).toBe(4);
});

test('a late state never hides a newer one that waits, but passes when nothing waits', () => {
  const { writer, reader } = pair(1);
  const times: number[] = [];
  const visit = (_slot: number, _generation: number, timestampMs: number): number => times.push(timestampMs);
  writer.put(0, 1, vehicle('a', noon), noon);
  writer.put(0, 1, vehicle('a', noon - 100), noon);
  reader.drain(10, visit);
  writer.put(0, 1, vehicle('a', noon - 50), noon);
  reader.drain(10, visit);
  expect([times, writer.shed]).toEqual([[noon, noon - 50], 1]);
});

test('a retirement overwritten unread by the next vehicle of the slot is still told, before that vehicle', () => {
  const { writer, reader } = pair(1);
  const seen: [number, number][] = [];
  const visit = (...a: number[]): number => seen.push([a[1], a[15]]);
  writer.put(0, 1, vehicle('a', noon), noon);
  reader.drain(9, visit);
  writer.retire(0, 1);
  writer.put(0, 2, vehicle('b', noon - 1_000), noon);
  reader.drain(9, visit);
  writer.retire(0, 2);
  reader.drain(9, visit);
  expect(seen).toEqual([
    [1, MailboxKind.state],
    [1, MailboxKind.retire],
    [2, MailboxKind.state],
    [2, MailboxKind.retire],
  ]);
});

test('any mix of puts, retirements and drains gives every slot its newest state, exactly once, and every generation one end', () => {
  const action = fc.oneof(
    { weight: 8, arbitrary: fc.record({ put: fc.integer({ min: 0, max: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ swap: fc.integer({ min: 0, max: 3 }) }) },
    { weight: 3, arbitrary: fc.record({ drain: fc.integer({ min: 1, max: 5 }) }) },
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 150 }), (actions) => {
      const { writer, reader } = pair(4);
      const generation = [1, 1, 1, 1];
      const newest = new Map<string, number>();
      const delivered = new Map<string, number>();
      const ended = new Set<string>();
      let states = 0;
      const visit = (...a: number[]): void => {
        const key = `${a[0]}/${a[1]}`;
        if (a[15] === MailboxKind.retire) {
          expect(delivered.has(key) && !ended.has(key)).toBe(true);
          ended.add(key);
          return;
        }
        states += 1;
        expect(ended.has(key)).toBe(false);
        expect(a[2]).toBe(newest.get(key));
        expect(a[2]).not.toBe(delivered.get(key));
        delivered.set(key, a[2]);
      };
      actions.forEach((step, i) => {
        if ('put' in step) {
          newest.set(`${step.put}/${generation[step.put]}`, i);
          writer.put(step.put, generation[step.put], vehicle('x', i), i);
        } else if ('swap' in step) {
          writer.retire(step.swap, generation[step.swap]);
          generation[step.swap] += 1;
        } else reader.drain(step.drain, visit);
      });
      reader.drain(1_000, visit);
      expect(writer.accepted).toBe(states + writer.shed);
      for (const [key] of delivered) {
        const [slot, gone] = key.split('/').map(Number);
        if (gone < generation[slot]) expect(ended.has(key)).toBe(true);
      }
    }),
  );
});

test('a buffer that is no mailbox, and a slot outside it, are refused', () => {
  expect(() => new MailboxReader(new SharedArrayBuffer(1_024))).toThrow(/allocateMailbox/);
  expect(() => pair(2).writer.put(2, 1, vehicle('a', 0), 0)).toThrow(/slot 2 is outside/);
});

const compiled = new URL('../../dist/ingest/index.js', import.meta.url).href;

/** Writer thread: every field of a state derives from one counter, so that a torn record betrays itself. */
const writerProgram = `
import { parentPort, workerData } from 'node:worker_threads';
const { MailboxWriter } = await import(workerData.room);
const writer = new MailboxWriter(workerData.buffer);
for (let n = 1; n <= workerData.count; n += 1) {
  const k = n * 16;
  writer.put(n % workerData.slots, 1, { vehicleId: '', timestampMs: n, lat: k + 1, lon: k + 2, speed: k + 3, headingDeg: k + 4, accel: k + 5,
    yawRate: k + 6, accuracy: k + 7, length: k + 8, width: k + 9, stationType: k + 10, flags: k + 11 }, k + 12);
}
parentPort.postMessage({ shed: writer.shed, accepted: writer.accepted });
`;

test('between two real threads no record is torn, none goes back in time, and the last of every slot arrives', async () => {
  const slots = 7;
  const count = 600_000;
  const buffer = allocateMailbox(slots);
  const reader = new MailboxReader(buffer);
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(writerProgram)}`), {
    workerData: { buffer, count, slots, room: compiled },
  });
  const done = new Promise<{ shed: number; accepted: number }>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  const last = new Float64Array(slots);
  let seen = 0;
  let torn = 0;
  let backwards = 0;
  let finished: { shed: number; accepted: number } | undefined;
  void done.then((report) => {
    finished = report;
  });
  while (finished === undefined || reader.pending > 0) {
    reader.wait(5);
    reader.drain(slots, (...a) => {
      seen += 1;
      const k = a[2] * 16;
      for (let i = 1; i <= 12; i += 1) if (a[2 + i] !== k + i) torn += 1;
      if (a[2] <= last[a[0]]) backwards += 1;
      last[a[0]] = a[2];
    });
    await new Promise((resolve) => setImmediate(resolve));
  }
  await worker.terminate();
  expect({ torn, backwards }).toEqual({ torn: 0, backwards: 0 });
  expect(seen + finished.shed).toBe(count);
  expect([...last].sort((a, b) => a - b)).toEqual(Array.from({ length: slots }, (_, i) => count - slots + 1 + i));
  expect(seen).toBeGreaterThan(100);
});

test('a sleeping reader wakes when a state is put, long before its timeout', async () => {
  const buffer = allocateMailbox(2);
  const reader = new MailboxReader(buffer);
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(writerProgram)}`), {
    workerData: { buffer, count: 1, slots: 2, room: compiled },
  });
  const before = performance.now();
  expect(reader.wait(15_000)).toBe(true);
  expect(performance.now() - before).toBeLessThan(14_000);
  expect(reader.wait(0)).toBe(true);
  await worker.terminate();
});

test('a resting reader is not woken by states, and finds them all when its time is over', () => {
  const { writer, reader } = pair(2);
  writer.put(0, 1, vehicle('a', noon), noon);
  const before = performance.now();
  reader.rest(20);
  expect(performance.now() - before).toBeGreaterThan(18);
  expect(reader.pending).toBe(1);
});
