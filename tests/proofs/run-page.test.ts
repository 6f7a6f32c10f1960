import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isShown } from '@ccci/lib/pages/stage-face.ts';
import type { RunView } from '@ccci/lib/pages/view.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import t, { type Test } from 'tap';
import { copyPublished } from '../../tools/report/copy.ts';
import { recording, viewOf } from '../lib/pages/records.ts';
import { seriousFindings } from '../support/site/axe.ts';
import { openWatched, startBrowser, type Watched } from '../support/site/browser.ts';
import { makeRunFolder } from '../support/site/run-folder.ts';
import { serveFolder } from '../support/site/serve.ts';
import { evil, evilStory, greenStory, logRecord, redStory } from '../support/site/stories.ts';

const browser = await startBrowser(t);
const root = t.testdir({});
const site = await serveFolder(root);
t.teardown(site.close);

const logLines = Array.from(
  { length: 12_000 },
  (_, number) => `${number} "GET /api/${number}" 200 in ${number % 91} ms`,
);

/** A finished run with its page and one long log; what else lies there is the caller's. */
async function finishedRun(run: string, view: RunView = viewOf(redStory)) {
  const made = await makeRunFolder(root, run);
  made.page(view);
  writeFileSync(join(made.folder, 'logs', 'app.log'), logLines.map((line) => `${line}\n`).join(''));
  return { ...made, url: `${site.url}${made.path}` };
}

/** Nothing was asked of another host, nothing refused by the policy, nothing thrown. */
function isClean(t: Test, { hosts, complaints }: Watched): void {
  t.strictSame([...hosts], [new URL(site.url).host], 'no request to another host');
  t.strictSame(complaints, [], 'nothing refused, nothing thrown');
}

const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
const red = await finishedRun('red');

t.test('a log is shown from its end, page by page, and searched as a whole', async (t) => {
  const watched = await openWatched(browser);
  const { page } = watched;
  await page.goto(red.url);
  const lines = page.locator('[data-logs] [data-lines]');
  await page.locator('[data-logs]').scrollIntoViewIfNeeded();
  await lines.getByText('11999 "GET').waitFor();
  t.ok((await lines.locator('div').count()) <= 2_000, 'a bounded number of lines');
  await page.getByRole('button', { name: 'Earlier lines' }).click();
  await lines
    .getByText(/^0 "GET/)
    .or(page.getByText(/^Part 1 of/))
    .first()
    .waitFor();
  await page.getByLabel('Search').fill('api/1199');
  await page.getByText('11 lines with this.').waitFor();
  t.equal(await lines.locator('mark').count(), 11);
  t.match(
    await lines.locator('div').first().textContent(),
    /^1200 1199 "GET \/api\/1199"/,
    'with its number',
  );
  await page.getByLabel('Search').fill('GET');
  await page.getByText('more of the log').waitFor();
  t.ok((await lines.locator('div').count()) <= 500);
  await page.getByRole('button', { name: 'Search on' }).click();
  await page.getByLabel('Search').fill('');
  await lines.getByText('11999 "GET').waitFor();
  isClean(t, watched);
  await watched.context.close();
});

t.test('the live log grows while records are appended, and ends in the page of the outcome', async (t) => {
  const records = recording(redStory);
  const run = await makeRunFolder(root, 'live');
  const events = (until: number) => records.slice(0, until);
  run.page(viewOf(redStory, 3));
  const watched = await openWatched(browser);
  const { page } = watched;
  await page.goto(`${site.url}${run.path}`);
  await page.getByText('Nothing was recorded yet').waitFor();
  run.append(...events(3));
  const step = nextStep(records, 3);
  for (const at of step.finished) {
    const from = step.done();
    run.append(...records.slice(from, at + 1));
    step.advance(at + 1);
    const { stage, status } = records[at] as AnyRecord & { stage: string; status: 'pass' | 'fail' };
    if (isShown(stage, status)) await page.locator(`li[data-stage="${stage}"].stage-${status}`).waitFor();
  }
  await page.locator('[data-live]').getByText('cannot read data of version 1').waitFor();
  t.match(await page.locator('li[data-stage="upgrade"]').textContent(), 'Swarm paused the update');
  await appendInHalves(run, page, t);
  await followTheEnd(run, page, t);
  // The records end a moment before the page of the outcome is there.
  run.append(records.at(-1) as AnyRecord);
  await page.getByText('The run is over').waitFor();
  run.page(viewOf(redStory));
  await page.getByText('Reproduce it at home').first().waitFor();
  t.equal(await page.locator('[data-live]').count(), 0);
  isClean(t, watched);
  await watched.context.close();
});

/** Stage by stage, as a stage would write them. */
function nextStep(records: readonly AnyRecord[], begin: number) {
  let done = begin;
  return {
    finished: records.flatMap(({ type }, index) => (type === 'stage.finished' ? [index] : [])),
    done: () => done,
    advance: (to: number) => {
      done = to;
    },
  };
}

type Run = Awaited<ReturnType<typeof makeRunFolder>>;

async function appendInHalves(run: Run, page: Watched['page'], t: Test): Promise<void> {
  const text = `${JSON.stringify(logRecord('said in two halves'))}\n`;
  run.appendText(text.slice(0, 40));
  const seen = site.seen.length;
  await page.waitForResponse((response) => response.url().endsWith('events.ndjson'));
  t.equal(await page.getByText('said in two halves').count(), 0, 'half a line waits');
  t.ok(site.seen.length > seen);
  run.appendText(text.slice(40));
  await page.getByText('said in two halves').waitFor();
}

async function followTheEnd(run: Run, page: Watched['page'], t: Test): Promise<void> {
  const box = page.locator('[data-live] [data-lines]');
  const isAtEnd = () =>
    box.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight < 48);
  run.append(...Array.from({ length: 3_000 }, (_, number) => logRecord(`filling ${number}`)));
  await box.getByText('filling 2999').waitFor();
  t.ok((await box.locator('div').count()) <= 1_000, 'a bounded number of lines');
  t.ok(await isAtEnd(), 'it stays at its end');
  await box.evaluate((element) => {
    element.scrollTop = 100;
  });
  await page.getByRole('button', { name: 'Go to the end' }).waitFor();
  run.append(logRecord(evil), logRecord('after it'));
  await box.getByText('after it').waitFor();
  t.notOk(await isAtEnd(), 'unless the reader has scrolled up');
  t.match(await box.textContent(), '<script>alert(1)</script>', 'a hostile line is text');
  await page.getByRole('button', { name: 'Go to the end' }).click();
  t.ok(await isAtEnd());
  site.mode = 'away';
  await page.getByText('The server does not answer').waitFor();
  site.mode = 'whole';
  run.append(logRecord('after the server was away'));
  await box.getByText('after the server was away').waitFor();
  site.mode = 'range';
}

t.test('a run that began anew is followed anew', async (t) => {
  const records = recording(greenStory);
  const run = await makeRunFolder(root, 'anew');
  run.page(viewOf(greenStory, 3));
  run.append(...records.slice(0, 3), logRecord('of the first attempt'));
  const { page, context } = await openWatched(browser);
  await page.goto(`${site.url}${run.path}`);
  await page.getByText('of the first attempt').waitFor();
  writeFileSync(join(run.folder, 'events.ndjson'), '');
  run.append(...records.slice(0, 2), logRecord('of the second'));
  await page.getByText('of the second').waitFor();
  t.equal(await page.getByText('of the first attempt').count(), 0);
  await context.close();
});

t.test('with the keyboard alone', async (t) => {
  const watched = await openWatched(browser);
  const { page } = watched;
  await page.goto(red.url);
  await page.locator('[data-logs]:not([hidden])').waitFor();
  const wanted = (await page.evaluate(reachable)) as number;
  const reached = new Set<string>();
  let withoutOutline = 0;
  for (let pressed = 0; pressed < wanted + 5; pressed += 1) {
    await page.keyboard.press('Tab');
    const [name, outline] = (await page.evaluate(focused)) as [string | null, boolean];
    if (name === null) break;
    reached.add(name);
    if (!outline) withoutOutline += 1;
  }
  t.ok(reached.size >= wanted, `${reached.size} of ${wanted} reached`);
  t.equal(withoutOutline, 0, 'each with a visible focus');
  const fold = page.locator('details').filter({ hasText: '2 checks' });
  await fold.locator('summary').focus();
  await page.keyboard.press('Enter');
  t.not(await fold.getAttribute('open'), null, 'opened');
  await page.keyboard.press('Space');
  t.equal(await fold.getAttribute('open'), null, 'and shut');
  await watched.context.close();
});

const reachable = `[...document.querySelectorAll('a[href],summary,select,input,button,[tabindex="0"]')]
  .filter((one) => one.checkVisibility()).length`;
const focused = `(() => {
  const at = document.activeElement;
  if (at === null || at === document.body) return [null, true];
  const all = [...document.querySelectorAll('*')];
  const style = getComputedStyle(at);
  return [String(all.indexOf(at)), style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0];
})()`;

t.test('on a phone, in the dark, and for those who do not see it', async (t) => {
  const live = await makeRunFolder(root, 'looked-at');
  live.page(viewOf(redStory, 12));
  live.append(...recording(redStory).slice(0, 12), logRecord('a line'));
  const hostile = await finishedRun('hostile', hostileView());
  const pages = [red.url, hostile.url, `${site.url}${live.path}`];
  for (const colorScheme of ['light', 'dark'] as const) {
    // axe-core is a script of nobody's host: this context alone goes around the policy.
    const { page, context } = await openWatched(browser, {
      viewport: { width: 360, height: 740 },
      colorScheme,
      bypassCSP: true,
    });
    for (const url of pages) {
      await page.goto(url);
      await page.locator('[data-logs]:not([hidden]), [data-live]:not([hidden])').waitFor();
      await page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true");
      t.ok(((await page.evaluate(overflow)) as number) <= 0, `${url} is no wider than the screen`);
      t.strictSame(await seriousFindings(page), [], `${url} ${colorScheme}`);
      const paper = (await page.evaluate('getComputedStyle(document.body).backgroundColor')) as string;
      const [shade = 0] = /\d+/.exec(paper)?.map(Number) ?? [];
      t.ok(colorScheme === 'dark' ? shade < 60 : shade > 200, `${paper} is ${colorScheme}`);
    }
    await context.close();
  }
});

t.test('without JavaScript all but the live log is there', async (t) => {
  const watched = await openWatched(browser, { javaScriptEnabled: false });
  const { page } = watched;
  await page.goto(red.url);
  for (const text of [
    'ghost did not pass: upgrade failed.',
    'cannot read data of version 1',
    'Reproduce it at home',
  ])
    t.ok(await page.getByText(text).first().isVisible(), text);
  t.ok(await page.locator('a[href="logs/app.log"]').isVisible());
  t.notOk(await page.locator('[data-logs]').isVisible(), 'a search that would do nothing is not shown');
  const live = await makeRunFolder(root, 'still');
  live.page(viewOf(redStory, 12));
  await page.goto(`${site.url}${live.path}`);
  t.ok(await page.getByText('Load the page again to see more.').isVisible());
  t.notOk(await page.locator('[data-live]').isVisible());
  isClean(t, watched);
  await watched.context.close();
});

t.test('hostile strings are shown harmlessly, or not at all', async (t) => {
  const run = await finishedRun('evil', hostileView());
  writeFileSync(join(run.folder, 'logs', 'app.log'), `${evil}\n${'z'.repeat(1_000_000)}\nthe end\n`);
  const watched = await openWatched(browser);
  const { page } = watched;
  page.on('dialog', (dialog) => {
    watched.complaints.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(run.url);
  await page.locator('[data-logs]').scrollIntoViewIfNeeded();
  await page.getByLabel('Search').fill('script');
  await page.getByText('1 line with this.').waitFor();
  await page.getByLabel('Search').fill('zzzz');
  await page.getByText('1 line with this.').waitFor();
  t.ok(((await page.locator('[data-lines] div').textContent()) ?? '').length < 2_100, 'a megabyte is cut');
  t.equal(await page.locator('main img, main script, main a[href^="javascript"]').count(), 0);
  const text = (await page.locator('body').textContent()) ?? '';
  t.notMatch(text, /[\u202e\u001b]/);
  t.ok(text.length < 100_000, `${text.length} characters`);
  isClean(t, watched);
  await watched.context.close();
});

t.test('a link in place of a log is not published, and its page says so', async (t) => {
  const dir = t.testdir({ run: { logs: {} }, 'secret.txt': 'a secret of this machine' });
  symlinkSync(join(dir, 'secret.txt'), join(dir, 'run', 'logs', 'app.log'));
  const run = await makeRunFolder(root, 'linked');
  run.page(viewOf(redStory));
  await copyPublished(join(dir, 'run'), run.folder);
  const { page, context } = await openWatched(browser);
  await page.goto(`${site.url}${run.path}`);
  await page.locator('[data-logs]').scrollIntoViewIfNeeded();
  await page.getByText('There is no such log.').waitFor();
  t.notMatch(await page.textContent('body'), 'a secret of this machine');
  await context.close();
});

function hostileView(): RunView {
  const view = viewOf(evilStory);
  const trigger = view.trigger as NonNullable<RunView['trigger']>;
  const pr = { ...(trigger.pr as NonNullable<typeof trigger.pr>), title: evil, url: 'javascript:alert(1)' };
  return { ...view, trigger: { ...trigger, pr } };
}
