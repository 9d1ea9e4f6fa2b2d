import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { IncidentExport } from '../incidents/index.ts';
import { type Command, UsageError } from './command.ts';
import { storeHelp, storeOptions, withIncidentStore } from './incident-store.ts';

const help = `Usage: npm run rahban -- incident export CODE --out DIR [options]

Writes one incident as a bundle: record.json, entries.json (links of the chain with salts and hashes), raw/NNNNN.bin (the
parties' messages, byte for byte) with raw.json, and manifest.json with the SHA-256 of every file. The export is itself put on record.

  --out DIR            new or empty folder
  --purpose TEXT       why, for the record (default "export by command line")
${storeHelp}

A link's hash: SHA-256 over the lines rahban-chain-1, sequence, incidentId, kind, createdMs, bodyHash, previousHash, each
ended by a line feed; bodyHash: SHA-256 over the salt's bytes and the body's bytes.`;

/** Writes the bundle and returns the manifest: file name to SHA-256. */
function writeBundle(folder: string, bundle: IncidentExport): Record<string, string> {
  mkdirSync(join(folder, 'raw'), { recursive: true });
  const manifest: Record<string, string> = {};
  const put = (name: string, data: string | Uint8Array): void => {
    writeFileSync(join(folder, name), data, { flag: 'wx' });
    manifest[name] = createHash('sha256').update(data).digest('hex');
  };
  const list = bundle.raw.map(({ vehicleId, topic, receivedMs, payload }, i) => {
    const file = `raw/${String(i).padStart(5, '0')}.bin`;
    put(file, payload);
    return { file, vehicleId, topic, receivedMs };
  });
  put('raw.json', `${JSON.stringify(list, undefined, 1)}\n`);
  put('record.json', `${JSON.stringify(bundle.record, undefined, 1)}\n`);
  put('entries.json', `${JSON.stringify(bundle.entries, undefined, 1)}\n`);
  return manifest;
}

export default {
  name: 'incident export',
  summary: 'write one incident as a bundle of files with hashes',
  help,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...storeOptions, out: { type: 'string' }, purpose: { type: 'string' } },
    });
    const [code] = positionals;
    const folder = values.out;
    if (code === undefined || positionals.length > 1 || folder === undefined)
      throw new UsageError('one CODE and --out DIR expected');
    const access = {
      actor: `command line: ${userInfo().username}`,
      purpose: values.purpose ?? 'export by command line',
    };
    const bundle = await withIncidentStore(values, (service) => service.export(code, access));
    if (bundle === undefined) {
      process.stderr.write(`rahban incident export: no incident ${code}\n`);
      return 1;
    }
    const files = writeBundle(folder, bundle);
    const manifest = { trackingCode: bundle.record.trackingCode, chainHash: bundle.record.hash, files };
    writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, undefined, 1)}\n`, { flag: 'wx' });
    const done = { trackingCode: manifest.trackingCode, out: folder, files: Object.keys(files).length + 1 };
    process.stdout.write(values.json ? `${JSON.stringify(done)}\n` : `${done.files} files in ${folder}\n`);
    return 0;
  },
} satisfies Command;
