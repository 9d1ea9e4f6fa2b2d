import { describe, expect, it } from 'vitest';
import { Metrics } from '../../metrics.ts';

describe('metrics', () => {
  it('show counters as totals and what ends in Now as gauges, with the names a room reports later too', async () => {
    const metrics = new Metrics();
    let counters: Record<string, number> = {};
    metrics.addRoom('broker', 'MQTT', () => counters);
    expect(await metrics.text()).not.toContain('rahban_broker');
    counters = { refusedAuth: 3, connectedNow: 2 };
    expect(await metrics.text()).toMatch(/rahban_broker_refused_auth_total 3[\s\S]*rahban_broker_connected 2/);
    counters = { refusedAuth: 5, connectedNow: 1 };
    expect(await metrics.text()).toMatch(/rahban_broker_refused_auth_total 5[\s\S]*rahban_broker_connected 1/);
  });

  it('show reasons as labels', async () => {
    const metrics = new Metrics();
    metrics.addReasons('ingest_dropped', 'Refused', () => ({ 'too-old': 4, duplicate: 0 }));
    const text = await metrics.text();
    expect(text).toContain('rahban_ingest_dropped_total{reason="too-old"} 4');
    expect(text).toContain('rahban_ingest_dropped_total{reason="duplicate"} 0');
  });
});
