import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { optionsTable } from '../../cli/options.ts';
import { projectRoot } from '../fixtures/project-root.ts';

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');

describe('the documents', () => {
  it('docs/options.md is what `rahban options` prints', () => {
    expect(read('docs/options.md')).toBe(optionsTable());
  });

  it('every room has an index and a README of at most 20 lines', () => {
    const rooms = [
      'messages',
      'roads/graph',
      'roads/import',
      'roads/routing',
      'collision',
      'database',
      'incidents',
      'broker',
      'ingest',
      'api',
      'simulators',
    ];
    for (const room of rooms) {
      expect(existsSync(join(projectRoot, room, 'index.ts')), room).toBe(true);
      expect(read(`${room}/README.md`).trimEnd().split('\n').length, `${room}/README.md`).toBeLessThanOrEqual(20);
    }
  });

  it('every file that the README links to exists', () => {
    for (const [, target] of read('README.md').matchAll(/\]\((?!http)([^)#]+)\)/g))
      expect(existsSync(join(projectRoot, target ?? '')), target).toBe(true);
  });

  it('every npm command they name exists', () => {
    const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts);
    for (const file of [
      'README.md',
      'CONTRIBUTING.md',
      'DECISIONS.md',
      ...readdirSync(join(projectRoot, 'docs'))
        .filter((name) => name.endsWith('.md'))
        .map((name) => `docs/${name}`),
    ]) {
      for (const [, name] of read(file).matchAll(/npm run (?:--silent )?([a-z:]+)/g))
        expect(scripts, `${file}: npm run ${name}`).toContain(name);
    }
  });
});
