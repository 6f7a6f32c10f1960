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
const { site, lab, runs, ask, asked, allAnswered, wrong, show, hasStage, waitFor } = scene;
const [good, noTests] = site.recipes as readonly [SiteRecipe, SiteRecipe];
const nothingWrong = { lost: [], doubled: [] };
let first = 0;

t.test('units boot, and a comment starts the stage; each has its rights and no other', async (t) => {
  await scene.switchTo('0.1.0');
  const enrolled = lab.path('/var/lib/ccci/enrolled.json');
  await waitFor(() => existsSync(enrolled), 'the enrolment');
  scene.addHook();
  t.equal(await show('ccci-stage.service', 'ActiveState'), 'inactive', 'no work, no stage');
  first = ask(good, '!testme');
  // What still waits gives way to the next comment.
  await waitFor(() => hasBegun(first), 'the run');
  await tryRights(t, lab);
  t.notMatch(await lab.call(['journalctl', '--no-pager']), /warning|error/i, 'nobody complains');
});

t.test('what runs all the time is struck beside a run while comments arrive: nothing is lost', async (t) => {
  let turn = 0;
  const comment = () => ask(turn++ % 2 === 0 ? good : noTests, '!testme --quick');
  for (const unit of ['ccci-poll', 'ccci-hook', 'ccci-report'])
    await strikeUnit(unit, { ...scene, comment, isFull });
  t.ok(hasStage(), 'the run goes on');
  await strikeHost(t, lab);
  await allAnswered(t);
  t.same(wrong(), nothingWrong);
  t.equal(asked.length, 1 + 3 * (isFull ? 4 : 2), 'comments');
});

t.test('the verdict of the first came back whole, and its page is there', async (t) => {
  const results = JSON.parse(readFileSync(join(runs, `gitea-${first}`, 'results.json'), 'utf8'));
  t.match(results, { verdict: 'green', level: 5, flags: { clean_teardown: true } });
  const page = `/var/lib/ccci-pages/runs/gitea-${first}/index.html`;
  t.match(await lab.call(['stat', '-c', '%U:%G %a', page]), /^ccci-report:ccci-pages 6[46]0$/);
  t.equal(await lab.call(['systemctl', 'list-units', '--failed', '--plain', '--no-legend', 'ccci-*']), '');
});

// What has waited for no-tests would give way to what the sweep asks of it.
const struck = { ...scene, comment: () => ask(good, '!testme --quick'), isFull };

t.test('the stage is struck, and so is what timers start', async (t) => {
  await strikeStage(struck);
  if (isFull) await strikeJanitor(t, struck);
  await strikeSweep(struck);
  t.equal(await show('ccci-stage.path', 'ActiveState'), 'active', 'the path unit lives');
});

t.test('a new version rolls out beside what was struck, and ends no run', async (t) => {
  const during = ask(good, '!testme --quick');
  await waitFor(() => hasBegun(during), 'the run');
  const stage = await show('ccci-stage.service', 'MainPID');
  const restarted = await scene.switchTo('0.2.0');
  t.same([...restarted].sort(), ['ccci-hook.service', 'ccci-poll.service', 'ccci-report.service']);
  t.equal(await show('ccci-stage.service', 'MainPID'), stage, 'the run goes on');
  await allAnswered(t);
  t.equal(versionOf(during), 'ccci-stage/0.1.0', 'and ends as it began');
  lookAtSwept(t);
  await lookAtTimers(t, scene);
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

/** Each pull request that was not green yet was swept, once. */
function lookAtSwept(t: Test): void {
  const swept = readdirSync(runs).filter((name) => name.startsWith('sweep-'));
  t.match(swept, [/^sweep-\d{8}-no-tests-pr\d+$/]);
  t.equal(swept.length, 1, `${swept.join(' ')}: what is green is left out`);
  const verdict = (name: string) =>
    JSON.parse(readFileSync(join(runs, name, 'results.json'), 'utf8')).verdict;
  t.same(swept.map(verdict), ['green']);
}

/** What is asked for now is run by this version: the stage has left, and was started anew. */
async function tryVersion(t: Test, version: string): Promise<void> {
  await waitFor(() => !hasStage(), 'the stage to leave');
  const id = ask(good, '!testme --quick');
  await allAnswered(t);
  t.equal(versionOf(id), `ccci-stage/${version}`);
}

function hasBegun(id: number): boolean {
  return existsSync(join(runs, `gitea-${id}`, 'events.ndjson'));
}

/** The version of the stage that ended a run. */
function versionOf(id: number): string {
  const lines = readFileSync(join(runs, `gitea-${id}`, 'events.ndjson'), 'utf8')
    .trim()
    .split('\n');
  return JSON.parse(lines.at(-1) as string).by;
}
