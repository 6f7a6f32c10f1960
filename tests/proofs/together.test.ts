import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { type Asked, lookAtRest } from '../support/quick-stage/at-rest.ts';
import { makeBranches } from '../support/quick-stage/branches.ts';
import { buildQuickStage } from '../support/quick-stage/build.ts';
import { enrol } from '../support/quick-stage/enrol.ts';
import { holdRuns } from '../support/quick-stage/gates.ts';
import { makeQuickSite, organisation, type QuickSite, type SitePull } from '../support/quick-stage/site.ts';
import { manyUnits, startUnits } from '../support/quick-stage/units.ts';

const nothing = { lost: [], doubled: [] };

t.test('two waiting comments on one commit: one run, both answered', async (t) => {
  const { site, pull, gates } = await makeScene(t);
  const asked = [write(site, pull, 'ana'), write(site, pull, 'ben')];
  const running = startUnits(gates.site, manyUnits);
  t.teardown(running.stop);
  await gates.begun(`gitea-${asked[0]!.id}`);
  // Both have been heard before the first run can end: one that comes behind its end is a run of its own.
  await reacted(site, asked[1]!);
  gates.openAll();
  await answered(site, asked);
  await running.stop();
  t.same(lookAtRest(site, asked), nothing, 'nothing is lost or done twice');
  t.same(finishedRuns(site), [`gitea-${asked[0]!.id}`], 'one run');
  t.same(running.failures, [], 'no program ended by itself');
});

t.test('a comment on the commit that runs joins the run', async (t) => {
  const { site, pull, gates } = await makeScene(t);
  const running = startUnits(gates.site, manyUnits);
  t.teardown(running.stop);
  const first = write(site, pull, 'ana');
  await gates.begun(`gitea-${first.id}`);
  const second = write(site, pull, 'ben');
  await reacted(site, second);
  gates.openAll();
  await answered(site, [first, second]);
  await running.stop();
  t.same(lookAtRest(site, [first, second]), nothing, 'nothing is lost or done twice');
  t.same(finishedRuns(site), [`gitea-${first.id}`], 'one run');
});

t.test('a newer commit and comment: the older run is superseded, never shown as failed', async (t) => {
  const { site, pull, other, gates } = await makeScene(t);
  const running = startUnits(gates.site, manyUnits);
  t.teardown(running.stop);
  const first = write(site, pull, 'ana');
  await gates.begun(`gitea-${first.id}`);
  site.forge.push(organisation, pull.name, pull.number, other.head);
  const newer = { ...pull, head: other.head };
  const second = write(site, newer, 'ben');
  await verdictOf(site, `gitea-${first.id}`);
  gates.openAll();
  const both = [{ ...first, becomes: 'any' } as const, second];
  await answered(site, both);
  await running.stop();
  t.same(lookAtRest(site, both), nothing, 'nothing is lost or done twice');
  t.equal(verdict(site, `gitea-${first.id}`), 'superseded', 'the verdict of the older run');
  const states = site.forge.statuses(organisation, pull.name, pull.head).map(({ state }) => state);
  t.notOk(states.includes('failure'), `the states of the older commit: ${states.join(', ')}`);
});

t.test('a cancel ends what runs, and nothing more is run', async (t) => {
  const { site, pull, gates } = await makeScene(t);
  const running = startUnits(gates.site, manyUnits);
  t.teardown(running.stop);
  const first = write(site, pull, 'ana');
  await gates.begun(`gitea-${first.id}`);
  const cancel = write(site, pull, 'ben', '!cancel');
  await verdictOf(site, `gitea-${first.id}`);
  await reacted(site, cancel);
  const both = [first, cancel].map((one) => ({ ...one, becomes: 'any' }) as const);
  await answered(site, both);
  await running.stop();
  t.same(lookAtRest(site, both), nothing);
  t.same(
    [finishedRuns(site).length, verdict(site, `gitea-${first.id}`)],
    [1, 'cancelled'],
    'one run, cancelled',
  );
});

async function makeScene(t: Test) {
  const dir = t.testdir();
  const bin = await buildQuickStage(`${dir}/quick`);
  const branches = makeBranches(`${dir}/apps.git`, 2);
  const state = await enrol({ dir: `${dir}/enrolled`, bin, branches });
  const site = await makeQuickSite({ dir: `${dir}/site`, bin, branches, state });
  t.teardown(site.close);
  const [pull, other] = site.pulls as [SitePull, SitePull];
  return { site, pull, other, gates: holdRuns(site) };
}

function write({ forge }: QuickSite, pull: SitePull, author: string, body = '!testme'): Asked {
  const { id } = forge.comment(organisation, pull.name, pull.number, author, body);
  return { id, pull, becomes: 'run' };
}

const patience = { timeoutMs: 60_000 };

async function reacted({ forge }: QuickSite, { id }: Asked): Promise<void> {
  await forge.waitFor(() => forge.reactions(id).length > 0, { ...patience, what: `a reaction to ${id}` });
}

/** Until nothing is missing any more: what was done twice is looked for at the end. */
async function answered(site: QuickSite, asked: readonly Asked[]): Promise<void> {
  const look = () => lookAtRest(site, asked).lost.length === 0;
  await site.forge.waitFor(look, { ...patience, what: 'all verdicts' }).catch(() => {});
}

async function verdictOf(site: QuickSite, run: string): Promise<void> {
  await site.forge.waitFor(() => verdict(site, run), { ...patience, what: `the verdict of ${run}` });
}

function verdict({ runs }: QuickSite, run: string): string | null {
  try {
    return JSON.parse(readFileSync(join(runs, run, 'results.json'), 'utf8')).verdict;
  } catch {
    return null;
  }
}

function finishedRuns({ runs }: QuickSite): string[] {
  return readdirSync(runs).filter((run) => readdirSync(join(runs, run)).includes('results.json'));
}
