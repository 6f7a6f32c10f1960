import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { SiteRecipe } from '../support/journey/site.ts';
import { enterOwnBox } from '../support/systemd/box.ts';
import { tryRights } from './rights.ts';
import { makeScene } from './scene.ts';
import { lookAtTimers, strikeHost, strikeJanitor, strikeStage, strikeSweep, strikeUnit } from './strikes.ts';

t.setTimeout(900_000);
/** The small size strikes each unit that has work once, the janitor not at all, and rolls nothing back. */
const isFull = process.env.CCCI_SCALE === 'full';
const box = await enterOwnBox(import.meta.url);
const scene = await makeScene(t, box.socket);
const { site, lab, runs, ask, allAnswered, wrong, show, hasStage, waitFor } = scene;
const [good, noTests] = site.recipes as readonly [SiteRecipe, SiteRecipe];
const nothingWrong = { lost: [], doubled: [] };
const quick = (recipe: SiteRecipe) => ask(recipe, '!testme --quick');
let first = 0;

t.test('units boot, and a comment starts the stage; each has its rights and no other', async (t) => {
  await scene.switchTo('0.1.0');
  const enrolled = lab.path('/var/lib/ccci/enrolled.json');
  await waitFor(() => existsSync(enrolled), 'the enrolment');
  scene.addHook();
  t.equal(await show('ccci-stage.service', 'ActiveState'), 'inactive', 'no work, no stage');
  first = ask(good, '!testme');
  // What still waits gives way to the next comment.
  await waitFor(() => hasBegun(`gitea-${first}`), 'the run');
  await tryRights(t, lab);
  t.notMatch(await lab.call(['journalctl', '--no-pager']), /warning|error/i, 'nobody complains');
});

t.test('what runs all the time is struck beside runs while comments arrive', async (t) => {
  let turn = 0;
  const comment = () => quick(turn++ % 2 === 0 ? good : noTests);
  for (const unit of ['ccci-poll', 'ccci-hook', 'ccci-report'])
    await strikeUnit(unit, { ...scene, comment, isFull });
  t.ok(hasStage(), 'the runs go on');
  await strikeHost(t, lab);
  await allAnswered(t);
  t.same(wrong(), nothingWrong, 'nothing is lost or doubled');
});

t.test('the verdict of the first came back whole, and its page is there', async (t) => {
  const results = JSON.parse(readFileSync(join(runs, `gitea-${first}`, 'results.json'), 'utf8'));
  t.match(results, { verdict: 'green', level: 5, flags: { clean_teardown: true } });
  const page = `/var/lib/ccci-pages/runs/gitea-${first}/index.html`;
  t.match(await lab.call(['stat', '-c', '%U:%G %a', page]), /^ccci-report:ccci-pages 6[46]0$/);
  t.equal(await lab.call(['systemctl', 'list-units', '--failed', '--plain', '--no-legend', 'ccci-*']), '');
});

t.test(
  'the stage is struck, and while it is stopped the sweep, which hands in each pull request once',
  async (t) => {
    const struck = { ...scene, comment: () => quick(good), isFull };
    await strikeStage(struck);
    if (isFull) await strikeJanitor(t, struck);
    await lab.call(['systemctl', 'stop', 'ccci-stage.path', 'ccci-stage']);
    await strikeSweep(struck);
    await waitFor(() => sweptIn('new').length > 0, 'what was swept');
    // A swept run is a long one: at the small size it gives way to a comment.
    if (!isFull) quick(noTests);
    await waitFor(() => isFull || sweptIn('new').length === 0, 'the comment to take its place');
    await lab.call(['systemctl', 'start', 'ccci-stage.path']);
  },
);

t.test('a new version rolls out beside what waited, and ends no run', async (t) => {
  // It is there already, or about to be.
  await lab.call(['systemctl', 'start', 'ccci-stage']);
  const stage = await show('ccci-stage.service', 'MainPID');
  const restarted = scene.switchTo('0.2.0');
  quick(good);
  t.same([...(await restarted)].sort(), ['ccci-hook.service', 'ccci-poll.service', 'ccci-report.service']);
  t.equal(await show('ccci-stage.service', 'MainPID'), stage, 'the runs go on');
  await allAnswered(t);
  t.equal(await show('ccci-stage.path', 'ActiveState'), 'active', 'the path unit lives');
  await lookAtTimers(t, scene);
  lookAtSwept(t);
  await tryVersion(t, '0.2.0');
});

if (isFull) {
  t.test('and back', async (t) => {
    await scene.switchTo('0.1.0');
    await tryVersion(t, '0.1.0');
  });
}

t.test('at the end nothing is lost or doubled', async (t) => {
  t.same(wrong(), nothingWrong);
});

/** What is green is left out, and what is not was handed in once, though three sweeps began; done by the stage that began it. */
function lookAtSwept(t: Test): void {
  const swept = sweptIn('done');
  t.match(swept, [/-sweep-\d{8}-no-tests-pr\d+\.ndjson$/]);
  t.equal(swept.length, 1);
  const names = readdirSync(runs).filter((name) => name.startsWith('sweep-'));
  t.same(names.map(endOf), [{ verdict: 'green', by: 'ccci-stage/0.1.0' }]);
}

/** Triggers of the sweep in a folder of the queue. */
function sweptIn(folder: 'new' | 'done'): readonly string[] {
  return readdirSync(lab.path(`/var/lib/ccci/queue/${folder}`)).filter((name) => name.includes('-sweep-'));
}

/** What is asked for now is run by this version: the stage has left, and was started anew. */
async function tryVersion(t: Test, version: string): Promise<void> {
  await waitFor(() => !hasStage(), 'the stage to leave');
  const id = quick(good);
  await allAnswered(t);
  t.same(endOf(`gitea-${id}`), { verdict: 'green', by: `ccci-stage/${version}` });
}

function hasBegun(run: string): boolean {
  return existsSync(join(runs, run, 'events.ndjson'));
}

/** How a run ended, and who ended it. */
function endOf(run: string): { readonly verdict: string; readonly by: string } {
  const lines = readFileSync(join(runs, run, 'events.ndjson'), 'utf8')
    .trim()
    .split('\n');
  const { verdict, by } = JSON.parse(lines.at(-1) as string);
  return { verdict, by };
}
