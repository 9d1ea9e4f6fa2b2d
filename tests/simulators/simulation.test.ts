import { beforeAll, describe, expect, it } from 'vitest';
import { decode, VehicleFlag, type VehicleState } from '../../messages/index.ts';
import type { RoadGraph } from '../../roads/graph/index.ts';
import { Simulation } from '../../simulators/simulation.ts';
import { monaco } from './test-map.ts';

describe('what the simulated vehicles send', () => {
  let graph: RoadGraph;
  beforeAll(async () => {
    graph = await monaco();
  });

  it('is legal telemetry under their own ids; a crash is one pulse, a stop with hazard lights, and every second one is reported', () => {
    const lines: string[] = [];
    const reports: string[] = [];
    const states = new Map<string, VehicleState[]>();
    const simulation = new Simulation({
      graph,
      seed: 4,
      vehicles: 30,
      idPrefix: 'demo-',
      scenarios: ['crossing', 'head-on'],
      firstContact: 20,
      reacting: false,
      onEvent: (text) => void lines.push(text),
      fleet: {
        advance: () => undefined,
        keepOnly: () => undefined,
        clientOf: (id) => ({
          report: async (text) => {
            reports.push(`${id} ${text}`);
          },
        }),
        publish: (id, text) => {
          const decoded = decode(`rahban/v1/telemetry/${id}`, Buffer.from(text), 1_790_000_000_000);
          if (!decoded.ok || decoded.value.kind !== 'state') throw new Error(`${id}: ${JSON.stringify(decoded)}`);
          const list = states.get(id) ?? [];
          list.push(decoded.value.state);
          states.set(id, list);
        },
      },
    });
    for (let i = 1; i <= 1300; i++) simulation.step(1_790_000_000_000 + 100 * i);
    expect(lines.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual(['crash crossing', 'crash head-on']);
    expect([...states.keys()].every((id) => id.startsWith('demo-'))).toBe(true);
    for (const id of ['demo-s1-a', 'demo-s1-b', 'demo-s2-a', 'demo-s2-b']) {
      const own = states.get(id) ?? [];
      const pulses = own.filter(({ accel }) => accel !== undefined && accel < -20);
      expect(pulses).toHaveLength(1);
      const standing = own.filter(({ speed, flags }) => speed === 0 && (flags & VehicleFlag.hazardLights) !== 0);
      expect(standing.length).toBeGreaterThan(100);
    }
    expect(reports.map((text) => text.split(' ')[0]).sort()).toEqual(['demo-s2-a', 'demo-s2-b']);
    const rates = [...states].map(([id, own]) => [id, own.length] as const).filter(([id]) => !id.includes('-s'));
    for (const [, count] of rates) expect(count).toBeLessThanOrEqual(1300);
  });
});
