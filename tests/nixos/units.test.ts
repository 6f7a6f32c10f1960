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
const waiting = lab.path('/var/lib/ccci/queue/new');
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

t.test('the sweep is struck: it hands each pull request in once', async (t) => {
  await strikeSweep({ ...scene, comment: () => ask(good, '!testme'), isFull });
  // What was swept of the first joins its run; what still waits gives way to the next comment.
  const isBegun = () => sweptRuns().some(hasBegun) && readdirSync(waiting).length === 0;
  await waitFor(isBegun, 'the swept runs');
  t.match(sweptRuns(), [/^sweep-\d{8}-no-tests-pr\d+$/]);
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
  t.same(sweptRuns().map(endOf), [{ verdict: 'green', by: 'ccci-stage/0.1.0' }], 'swept once');
});

t.test('the verdict of the first came back whole, and its page is there', async (t) => {
  const results = JSON.parse(readFileSync(join(runs, `gitea-${first}`, 'results.json'), 'utf8'));
  t.match(results, { verdict: 'green', level: 5, flags: { clean_teardown: true } });
  const page = `/var/lib/ccci-pages/runs/gitea-${first}/index.html`;
  t.match(await lab.call(['stat', '-c', '%U:%G %a', page]), /^ccci-report:ccci-pages 6[46]0$/);
  t.equal(await lab.call(['systemctl', 'list-units', '--failed', '--plain', '--no-legend', 'ccci-*']), '');
});

t.test(
  'the stage is struck; a new version rolls out beside what it does then, and ends no run',
  async (t) => {
    const struck = { ...scene, comment: () => quick(good), isFull };
    await strikeStage(struck);
    if (isFull) await strikeJanitor(t, struck);
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
    await tryVersion(t, '0.2.0');
  },
);

if (isFull) {
  t.test('and back', async (t) => {
    await scene.switchTo('0.1.0');
    await tryVersion(t, '0.1.0');
  });
}

t.test('at the end nothing is lost or doubled', async (t) => {
  t.same(wrong(), nothingWrong);
});

function sweptRuns(): readonly string[] {
  return readdirSync(runs).filter((name) => name.startsWith('sweep-'));
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
