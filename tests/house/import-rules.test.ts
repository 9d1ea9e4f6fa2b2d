import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../fixtures/project-root.ts';

const checker = join(projectRoot, 'scripts/import-rules.mjs');
const run = (root: string) => spawnSync(process.execPath, [checker, root], { encoding: 'utf8' });

/** The real sources, without packages and build output, to be broken on purpose. */
function copyOfTheHouse(): string {
  const target = mkdtempSync(join(tmpdir(), 'rahban-house-'));
  for (const room of [
    'messages',
    'roads',
    'collision',
    'database',
    'incidents',
    'broker',
    'ingest',
    'api',
    'simulators',
    'dashboards',
  ]) {
    cpSync(join(projectRoot, room), join(target, room), {
      recursive: true,
      filter: (path) => !path.includes('node_modules'),
    });
  }
  return target;
}

function appendTo(root: string, file: string, line: string): void {
  writeFileSync(join(root, file), `${readFileSync(join(root, file), 'utf8')}\n${line}\n`);
}

describe('the import rules', () => {
  it('hold in the project', () => {
    const result = run(projectRoot);
    expect(result.stderr).toBe('');
    expect(result.status).toBe(0);
  });

  it.each([
    ['collision/index.ts', "import { readFileSync } from 'node:fs';", /collision\/ is pure/],
    ['messages/index.ts', "export * from '../roads/graph/index.ts';", /messages\/ may not import roads\/graph\//],
    [
      'collision/index.ts',
      "import { hazardTopic } from '../messages/index.ts';",
      /collision\/ may not import messages\//,
    ],
    ['api/index.ts', "import { topicBase } from '../messages/topics.ts';", /through its index.ts/],
    ['broker/index.ts', "import { loadConfig } from '../config.ts';", /outside every room/],
  ])('a breach in %s (%s) fails', (file, line, message) => {
    const root = copyOfTheHouse();
    appendTo(root, file, line);
    const result = run(root);
    expect(result.status).toBe(1);
    expect(result.stderr).toMatch(message);
  });
});
