import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { IncidentSummary } from '../../messages/index.ts';
import { findTool } from '../fixtures/tools.ts';
import { fixtureCity } from './fixture/city.ts';
import { type FixtureServer, startFixtureServer } from './fixture/server.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const browserPath = findTool('chromium');
const describeInBrowser = browserPath === undefined ? describe.skip : describe;
const title = browserPath === undefined ? 'the page in a browser [not run: chromium missing]' : 'the page in a browser';

/** A seeded generator, so that every run drives the same streets. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const crash = (trackingCode: string): IncidentSummary => ({
  trackingCode,
  kind: 'crash',
  state: 'suspected',
  severity: 'injury-likely',
  place: { lat: 35.6955, lon: 51.3975, street: 'ولی‌عصر' },
  occurredAt: new Date().toISOString(),
  recordedAt: new Date().toISOString(),
  vehicles: 2,
});

describeInBrowser(title, () => {
  let webRoot: string;
  let browser: Browser;
  let server: FixtureServer;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    webRoot = mkdtempSync(join(tmpdir(), 'rahban-web-'));
    const vite = join(root, 'node_modules/vite/bin/vite.js');
    const built = spawnSync(
      process.execPath,
      [vite, 'build', join(root, 'dashboards/web'), '--outDir', webRoot, '--logLevel', 'error'],
      { cwd: root, encoding: 'utf8' },
    );
    if (built.status !== 0) throw new Error(`vite build failed:\n${built.stdout}${built.stderr}`);
    browser = await chromium.launch({
      executablePath: browserPath!,
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--enable-unsafe-swiftshader',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    rmSync(webRoot, { recursive: true, force: true });
  });

  beforeEach(async () => {
    server = await startFixtureServer({ webRoot, city: fixtureCity(), vehicles: 150, random: seeded(7) });
    await open({});
  });

  afterEach(async () => {
    await context.close();
    await server.stop();
  });

  /** Opens the page anew and collects everything it should not do. */
  async function open(options: {
    locale?: string;
    withoutWebGl?: boolean;
    width?: number;
    reduce?: boolean;
  }): Promise<void> {
    await context?.close();
    complaints = [];
    context = await browser.newContext({
      locale: options.locale ?? 'fa-IR',
      timezoneId: 'Asia/Tehran',
      viewport: { width: options.width ?? 1280, height: 800 },
      ...(options.reduce === true ? { reducedMotion: 'reduce' as const } : {}),
    });
    page = await context.newPage();
    if (options.withoutWebGl === true)
      await page.addInitScript(() => {
        const real = HTMLCanvasElement.prototype.getContext;
        Object.defineProperty(HTMLCanvasElement.prototype, 'getContext', {
          value(this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
            return kind.startsWith('webgl') ? null : Reflect.apply(real, this, [kind, ...rest]);
          },
        });
      });
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol !== 'data:' && url.origin !== server.url) complaints.push(`outside request: ${request.url()}`);
    });
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
    await page.goto(server.url);
  }

  const mapIdle = () => page.locator('[data-testid=map][data-idle=true]').waitFor({ timeout: 40_000 });
  const drawn = async () => Number(await page.locator('canvas[data-layer=vehicles]').getAttribute('data-drawn'));

  async function signIn(): Promise<void> {
    await page.getByTestId('sign-in').click();
    await page.locator('input[name=name]').fill('demo-police');
    await page.locator('input[name=password]').fill('right');
    await page.locator('button[type=submit].primary').click();
    await page.getByTestId('account').waitFor();
  }

  test('draws the city and its vehicles from its own server only, within a strict policy', async () => {
    await mapIdle();
    await expect.poll(drawn, { timeout: 10_000 }).toBeGreaterThan(0);
    expect(await page.evaluate(() => document.body.dir + document.documentElement.dir)).toBe('rtl');
    expect(server.requests.some((request) => request.startsWith('GET /tiles/'))).toBe(true);
    expect(complaints).toEqual([]);
  }, 60_000);

  test('police sees all vehicles, a citizen public transport only; a wrong password is refused in words', async () => {
    await mapIdle();
    await expect.poll(drawn).toBeGreaterThan(0);
    const asCitizen = await drawn();
    await page.getByTestId('sign-in').click();
    await page.locator('input[name=name]').fill('demo-police');
    await page.locator('input[name=password]').fill('wrong');
    await page.locator('button[type=submit].primary').click();
    await page.getByText('نام کاربری یا گذرواژه درست نیست.').waitFor();
    await page.keyboard.press('Escape');
    await signIn();
    await expect.poll(drawn, { timeout: 10_000 }).toBeGreaterThan(asCitizen);
    await page.locator('[role=row][data-code="RB-7K2M-4QXN"]').click();
    await page.getByText('veh-011').first().waitFor();
    expect(
      await page.locator('figure img').evaluate((image) => (image as HTMLImageElement).naturalWidth),
    ).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  }, 60_000);

  test('an incident of the stream appears in the list and on the map, and opens as a card', async () => {
    await mapIdle();
    server.incident(crash('RB-NEW1-TEST'));
    const row = page.locator('[role=row][data-code="RB-NEW1-TEST"]');
    await row.waitFor();
    await page.locator('button[data-code="RB-NEW1-TEST"]').waitFor();
    expect(await page.locator('[role=row]').first().getAttribute('data-code')).toBe('RB-NEW1-TEST');
    await row.click();
    await page.locator('article bdi', { hasText: 'RB-NEW1-TEST' }).waitFor();
    await page.waitForURL(/incident=RB-NEW1-TEST/);
  }, 60_000);

  test('a pin stands on the place of its incident', async () => {
    await mapIdle();
    server.incident(crash('RB-NEW1-TEST'));
    await page.locator('[role=row][data-code="RB-NEW1-TEST"]').click();
    await page.waitForURL(/map=[\d.]+\/35\.695\d+\/51\.397\d+/);
    const middle = await page.locator('[data-testid=map]').boundingBox();
    await expect
      .poll(async () => {
        const pin = await page.locator('button[data-code="RB-NEW1-TEST"]').boundingBox();
        return Math.hypot(
          pin!.x + pin!.width / 2 - (middle!.x + middle!.width / 2),
          pin!.y + pin!.height - (middle!.y + middle!.height / 2),
        );
      })
      .toBeLessThan(4);
  }, 60_000);

  test('the language changes without a reload, with direction and dates, and is remembered', async () => {
    await page.getByRole('tab', { name: /رخدادها/ }).waitFor();
    const requests = server.requests.filter((request) => request === 'GET /').length;
    await page.getByTestId('language').click();
    await page.getByRole('tab', { name: /Incidents/ }).waitFor();
    expect(
      await page.evaluate(() => [document.body.dir, document.documentElement.dir, document.documentElement.lang]),
    ).toEqual(['ltr', '', 'en']);
    expect(server.requests.filter((request) => request === 'GET /').length).toBe(requests);
    await page.reload();
    await page.getByRole('tab', { name: /Incidents/ }).waitFor();
  }, 60_000);

  test('a lost connection is said with the age of the data, and what was missed is fetched when it is back', async () => {
    await mapIdle();
    server.pause();
    const banner = page.getByRole('alert').filter({ hasText: 'اتصال قطع است' });
    await banner.waitFor();
    await banner.filter({ hasText: /[۰-۹]+ ثانیه پیش/ }).waitFor({ timeout: 10_000 });
    const before = server.requests.filter((request) => request.startsWith('GET /api/v1/incidents')).length;
    server.resume();
    await banner.waitFor({ state: 'detached', timeout: 20_000 });
    await expect
      .poll(() => server.requests.filter((request) => request.startsWith('GET /api/v1/incidents')).length)
      .toBeGreaterThan(before);
  }, 60_000);

  test('a shared route link shows its ways with minutes slower than usual', async () => {
    const link = `${server.url}/?tab=route&from=51.3915,35.6915&to=51.4010,35.6980`;
    await page.goto(link);
    await page.getByTestId('routes').waitFor();
    expect(await page.getByTestId('routes').getByRole('radio').count()).toBe(3);
    await page.getByText('۴ دقیقه کندتر از معمول').waitFor();
  }, 60_000);

  test('without WebGL 2 the lists work and the page says why there is no map', async () => {
    await open({ withoutWebGl: true });
    await page.getByText('WebGL 2').first().waitFor();
    await page.locator('[role=row]').first().waitFor();
    expect(complaints).toEqual([]);
  }, 60_000);

  test('a street is found by its name as it is typed', async () => {
    await page.getByRole('tab', { name: 'مسیر' }).click();
    await page.getByRole('combobox', { name: 'مبدأ' }).pressSequentially('ولي');
    await page.getByRole('option', { name: 'ولی‌عصر' }).click();
    await page.waitForURL(/from=51\.39\d+,35\.69\d+/);
  }, 60_000);

  test('has no serious accessibility violation, in both languages, both appearances, on desktop and phone', async () => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const found: string[] = [];
    const check = async (where: string) => {
      for (const theme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
        await page.locator(`html[data-theme=${theme}]`).waitFor();
        // Colours are those of the new appearance from the next frame on.
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        await page.evaluate(axe);
        const result = await page.evaluate(() =>
          (Reflect.get(window, 'axe') as typeof import('axe-core')).run(document, { resultTypes: ['violations'] }),
        );
        for (const { id, impact, nodes } of result.violations)
          if (impact === 'serious' || impact === 'critical')
            found.push(
              `${where} ${theme} ${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join('; ')}`,
            );
      }
    };
    await open({ reduce: true });
    await page.locator('[role=row]').first().waitFor();
    await check('list');
    await signIn();
    await page.locator('[role=row][data-code="RB-7K2M-4QXN"]').click();
    await page.locator('figure img').waitFor();
    await check('card');
    await open({ locale: 'en-GB', width: 390, reduce: true });
    await page.getByRole('tab', { name: 'Traffic' }).click();
    await page.getByText('Slowest streets').waitFor();
    await check('phone traffic');
    await page.getByTestId('sign-in').click();
    await page.getByRole('dialog').waitFor();
    await check('phone sign-in');
    await page.goto(`${server.url}/?tab=route&from=51.3915,35.6915&to=51.4010,35.6980`);
    await page.getByRole('tab', { name: 'Route' }).click();
    await page.getByTestId('routes').waitFor();
    await check('phone route');
    expect(found).toEqual([]);
  }, 90_000);
});
