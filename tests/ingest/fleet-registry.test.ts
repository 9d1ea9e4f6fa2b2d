import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FleetRegistry } from '../../ingest/index.ts';

test('a vehicle keeps its slot and generation while it speaks, and a slot given on gets a new generation', () => {
  const registry = new FleetRegistry({ capacity: 1, silentMs: 60_000 });
  const slot = registry.assign('a', 0);
  expect(registry.assign('a', 50_000)).toBe(slot);
  registry.touch(slot, 50_000);
  expect(registry.sweep(110_000)).toBe(0);
  expect(registry.assign('b', 110_000)).toBe(-1);
  expect(registry.sweep(110_001)).toBe(1);
  expect(registry.assign('b', 110_002)).toBe(slot);
  expect(registry.generationOf(slot)).toBe(2);
  expect(registry.idOf(slot)).toBe('b');
  expect(registry.slotOf('a')).toBe(-1);
});

test('a full fleet makes room for a new vehicle by evicting one that fell silent', () => {
  const registry = new FleetRegistry({ capacity: 2 });
  registry.assign('a', 0);
  registry.touch(registry.assign('b', 0), 50_000);
  expect(registry.assign('c', 61_000)).toBeGreaterThanOrEqual(0);
  expect([registry.slotOf('a'), registry.size]).toEqual([-1, 2]);
});

test('listeners hear every assignment and retirement with the same slot, generation and id', () => {
  const heard: string[] = [];
  const registry = new FleetRegistry({ capacity: 4 });
  registry.onAssign((slot, generation, id) => heard.push(`+${id}/${slot}/${generation}`));
  registry.onRetire((slot, generation, id) => heard.push(`-${id}/${slot}/${generation}`));
  registry.assign('a', 0);
  registry.retire('a');
  expect(heard).toEqual(['+a/0/1', '-a/0/1']);
});

test('whatever happens, no two vehicles share a slot and no slot and generation is given twice', () => {
  const step = fc.record({ id: fc.integer({ min: 0, max: 9 }), wait: fc.integer({ min: 0, max: 30_000 }) });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.array(step, { maxLength: 200 }), (capacity, steps) => {
      const registry = new FleetRegistry({ capacity });
      const given = new Set<string>();
      const inSlot = new Map<number, string>();
      registry.onAssign((slot, generation, id) => {
        expect(given.has(`${slot}/${generation}`)).toBe(false);
        expect(inSlot.has(slot)).toBe(false);
        given.add(`${slot}/${generation}`);
        inSlot.set(slot, id);
      });
      registry.onRetire((slot, _generation, id) => {
        expect(inSlot.get(slot)).toBe(id);
        inSlot.delete(slot);
      });
      let now = 0;
      for (const { id, wait } of steps) {
        now += wait;
        const slot = registry.assign(`v${id}`, now);
        if (slot >= 0) registry.touch(slot, now);
        expect(registry.size).toBe(inSlot.size);
        expect(registry.size).toBeLessThanOrEqual(capacity);
        if (wait > 15_000) registry.sweep(now);
      }
    }),
  );
});

test('an illegal capacity is refused at start with its value and the legal range', () => {
  expect(() => new FleetRegistry({ capacity: 0 })).toThrow(/fleet capacity must be within 1\.\.1000000, not 0/);
});
