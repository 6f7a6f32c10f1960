import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentPolicy } from '@ccci/lib/pages/document.ts';
import { triggerExample } from '@ccci/lib/records/trigger.ts';
import { accept } from '@ccci/lib/state/accept.ts';
import { claim } from '@ccci/lib/state/claim.ts';
import { prepareState } from '@ccci/lib/state/layout.ts';
import { queueName } from '@ccci/lib/state/names.ts';
import { encode } from 'fast-png';
import { type Browser, chromium, type Page } from 'playwright-core';
import t from 'tap';
import { directivesOf, readCaddy, readNginx } from '../support/site/documented.ts';
import { storyOf, writeManyRuns, writeRun } from '../support/site/many-runs.ts';
import { publisherOf } from '../support/site/publish.ts';
import { startSiteServer } from '../support/site/site-server.ts';

const axe = readFileSync(
  join(import.meta.dirname, '..', '..', 'node_modules', 'axe-core', 'axe.min.js'),
  'utf8',
);
const evil = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>\u202e\u001b`;

t.test('the headers of docs/pages.md allow what the pages ask for, and no other host', async (t) => {
  const nginx = readNginx();
  t.same(readCaddy().headers, nginx.headers);
  const header = directivesOf(nginx.headers['Content-Security-Policy'] ?? '');
  for (const policy of [contentPolicy(), contentPolicy({ script: 'x.js' })]) {
    for (const [name, sources] of directivesOf(policy)) {
      const allowed = header.get(name) ?? header.get('default-src') ?? [];
      for (const source of sources)
        t.ok(
          allowed.includes(source.startsWith("'sha256-") ? "'unsafe-inline'" : source),
          `${name} ${source}`,
        );
    }
  }
  for (const sources of header.values())
    for (const source of sources) t.match(source, /^'(none|self|unsafe-inline)'$/);
  t.equal(nginx.headers['X-Content-Type-Options'], 'nosniff');
  for (const types of [nginx.types, readCaddy().types]) {
    t.equal(types.log, 'text/plain; charset=utf-8');
    t.match(types.ndjson, /^application\/x-ndjson/);
  }
});

t.test('overview and history in Chromium', { timeout: 600_000 }, async (t) => {
  const folders = await makeScene(t.testdir());
  const server = await startSiteServer(folders.directory);
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  t.teardown(async () => {
    await browser.close();
    server.close();
  });
  const looks = [
    { path: '/', width: 1280, colorScheme: 'light' },
    { path: '/', width: 360, colorScheme: 'dark' },
    { path: '/recipe/hedgedoc/', width: 360, colorScheme: 'light' },
    { path: '/recipe/hedgedoc/', width: 1280, colorScheme: 'dark' },
    { path: '/runs/506/', width: 360, colorScheme: 'dark' },
  ] as const;
  for (const { path, ...look } of looks) {
    await t.test(`${path} ${look.width} ${look.colorScheme}`, async (t) => {
      const { page, trouble } = await openPage(browser, look, server.url + path);
      t.same(await findingsOf(page), []);
      const width = await page.evaluate('document.documentElement.scrollWidth');
      t.ok(Number(width) <= look.width, `no sideways scrolling (${width})`);
      t.same(trouble, [], 'no request to another host, nothing refused by the policy, no script ran');
      await page.context().close();
    });
  }
  const { page } = await openPage(browser, { width: 1280, colorScheme: 'light' }, `${server.url}/`);
  t.match(await page.locator('.now').first().textContent(), /ghost.*custom tests/s);
  t.match(await page.locator('.now').last().textContent(), /drone.*place 1/s);
  await page.locator('.card img.shot').first().scrollIntoViewIfNeeded();
  await page.waitForFunction('document.querySelector(".card img.shot").naturalWidth > 0');
  const link = page.locator('.card a', { hasText: /^ghost$/ });
  for (let presses = 0; presses < 60 && !(await isFocused(link)); presses += 1)
    await page.keyboard.press('Tab');
  const outline = await link.evaluate((one) =>
    (one as unknown as { matches: (s: string) => boolean }).matches(':focus-visible'),
  );
  t.ok(outline, 'the keyboard comes there, and shows where it is');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/recipe/ghost/');
  await page.getByText('Older runs').click();
  await page.waitForURL('**/recipe/ghost/1/');
  t.equal(await page.locator('tbody tr').count(), 100);
  t.same(
    server.missing.filter((one) => one !== '/favicon.ico'),
    [],
  );
});

const green = { scope: 'full', verdict: 'green', level: 5 };

function isFocused(link: ReturnType<Page['locator']>): Promise<boolean> {
  return link.evaluate((one) => (one as unknown as { matches: (s: string) => boolean }).matches(':focus'));
}

type Look = { readonly width: number; readonly colorScheme: 'light' | 'dark' };

/** A page, and what of it went wrong. JavaScript is on, so that a hostile one would run. */
async function openPage(browser: Browser, { width, colorScheme }: Look, url: string) {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
  context.setDefaultTimeout(300_000);
  const page = await context.newPage();
  const trouble: string[] = [];
  const origin = new URL(url).origin;
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) trouble.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico'))
      trouble.push(message.text());
  });
  page.on('dialog', (dialog) => trouble.push(dialog.message()));
  await page.goto(url);
  return { page, trouble };
}

/** What axe finds that is serious or critical. */
async function findingsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  const found = (await page.evaluate('axe.run()')) as {
    violations: { id: string; impact: string; nodes: { html: string }[] }[];
  };
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

/** Some recipes, one with a long history, a hostile one, one of the replaced system, one run, one that waits. */
async function makeScene(dir: string) {
  const folders = { state: join(dir, 'state'), runs: join(dir, 'runs'), directory: join(dir, 'pages') };
  mkdirSync(folders.runs);
  await prepareState(folders.state);
  writeManyRuns(folders.runs, 9);
  for (let index = 0; index < 205; index += 1) {
    const run = `gitea-${30_000 + index}`;
    writeResultsOnly(folders.runs, run, { ...green, ...storyOf('ghost', index).results, run_id: run });
  }
  const pictured = storyOf('hedgedoc', 900);
  writeRun(folders.runs, { ...pictured, results: { ...pictured.results, screenshot: 'screenshot.png' } });
  const hostile = { recipe: evil, version: evil, reason: evil, verdict: 'red' as const };
  writeRun(folders.runs, { run: 'gitea-666', results: { ...hostile, finished: 1_799_000_000 } });
  writeResultsOnly(folders.runs, '506', {
    schema: 2,
    run_id: '506',
    recipe: 'drone',
    pr: '3',
    level: 1,
    finished: 1_781_309_502.5,
    stages: [{ name: 'upgrade', status: 'fail', summary: evil }],
  });
  await ask(folders, 'ghost', 1);
  await ask(folders, 'drone', 2);
  const picture = join(folders.directory, 'runs', String(pictured.run));
  mkdirSync(picture, { recursive: true });
  const data = new Uint8Array(64 * 40 * 3).fill(120);
  writeFileSync(join(picture, 'screenshot.png'), encode({ width: 64, height: 40, data, channels: 3 }));
  const publisher = publisherOf(folders);
  await publisher.overview();
  t.same(publisher.said, []);
  t.ok(existsSync(join(folders.directory, 'runs', '506', 'index.html')));
  return folders;
}

function writeResultsOnly(runs: string, run: string, results: object): void {
  mkdirSync(join(runs, run));
  writeFileSync(join(runs, run, 'results.json'), JSON.stringify({ schema: 3, ...results }));
}

/** A comment that asks; the first is claimed, and as far as its custom tests. */
async function ask({ state, runs }: { state: string; runs: string }, recipe: string, number: number) {
  const key = `gitea-9${number}`;
  const pr = { ...triggerExample.pr!, number, title: evil };
  const comment = { ...triggerExample.comment!, created: `2026-11-23T10:1${number}:00Z` };
  const record = { ...triggerExample, key, recipe, name: recipe, pr, comment };
  const file = queueName(record);
  await accept(state, [{ file, key, record: { ...record, spool: file }, folder: 'new' }], {
    now: () => new Date(0),
  });
  if (number !== 1) return;
  const stamping = { by: 'ccci-stage/test', now: () => new Date('2026-11-23T10:16:00.000Z') };
  const claimed = await claim(state, file, { stamping });
  t.teardown(() => claimed?.release());
  mkdirSync(join(runs, key));
  writeFileSync(join(runs, key, 'events.ndjson'), '{"type":"stage.started","stage":"custom"}\n');
}
