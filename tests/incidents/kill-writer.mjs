// Child of kill.test.ts: stores reports one after the other and prints each acknowledgement. Killed by its parent.
import { randomBytes } from 'node:crypto';
import { openDatabase } from '../../dist/database/index.js';
import { createIncidentService } from '../../dist/incidents/index.js';

const [dataDir, round] = process.argv.slice(2);
const log = { info() {}, warn() {}, error() {} };
const database = await openDatabase({ dataDir, log, clock: Date.now });
const service = await createIncidentService({
  database,
  dataDir,
  blackBox: async () => [],
  describePlace: () => undefined,
  clock: Date.now,
  random: (bytes) => randomBytes(bytes),
  log,
});
process.stdout.write('ready\n');
for (let n = 0; ; n++) {
  const id = `kill-${round.padStart(3, '0')}-${String(n).padStart(6, '0')}`;
  const report = {
    reportId: id,
    vehicleId: id,
    kind: 'crash',
    occurredAtMs: Date.now(),
    lat: Number(round),
    lon: (n % 3000) * 0.02,
  };
  const payload = new TextEncoder().encode(JSON.stringify(report));
  const raw = { vehicleId: id, topic: `rahban/v1/incidents/${id}`, receivedMs: report.occurredAtMs, payload };
  const { trackingCode } = await service.report(report, raw);
  process.stdout.write(`ack ${id} ${trackingCode}\n`);
}
