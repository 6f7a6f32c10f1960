import type { Results } from '@ccci/lib/records/results.ts';
import type { RunOutcome } from '@ccci/lib/runs/outcomes.ts';
import t from 'tap';
import { judgeEnd, sayTally } from '../../../tools/sweep/tally.ts';
import { lastGreen } from '../../../tools/sweep/unchanged.ts';
import { short, startSweeping } from './world.ts';

const ref = '720faa0bebc4720faa0bebc4720faa0bebc4720f';
const green: RunOutcome = {
  run_id: 'gitea-1',
  kind: 'pull',
  scope: 'full',
  recipe: 'ghost',
  ref: '720faa0bebc4',
  verdict: 'green',
  finished: 1,
};

/** The run that makes the commit unchanged, of these, oldest first. */
const unchanged = (...runs: readonly Partial<RunOutcome>[]) =>
  lastGreen(new Map([['ghost', runs.map((run) => ({ ...green, ...run }))]]), 'Ghost', ref)?.run_id ?? null;

t.test('a full green run of this commit, of whatever kind, and nothing else', async (t) => {
  t.equal(unchanged({}), 'gitea-1');
  for (const kind of ['pull', 'sweep', 'hand', 'repeat'] as const)
    t.equal(unchanged({ kind }), 'gitea-1', kind);
  t.equal(unchanged(), null);
  t.equal(unchanged({ ref: '111111111111' }), null, 'another commit');
  t.equal(unchanged({ ref: '720faa0bebc4+U' }), null, 'with uncommitted files');
  t.equal(unchanged({ scope: 'partial' }), null, 'partial');
  t.equal(unchanged({ kind: 'control' }), null, 'the control of another run');
  t.equal(unchanged({ ref: '720faa0' }), null, 'too short to tell');
  t.equal(lastGreen(new Map([['cal', [green]]]), 'ghost', ref), null, 'another recipe');
});

t.test('the last word counts', async (t) => {
  for (const verdict of ['red', 'infra', 'incomplete', 'interrupted'] as const) {
    t.equal(unchanged({}, { verdict }), null, verdict);
    t.equal(unchanged({ verdict }, {}), 'gitea-1', `green after ${verdict}`);
    t.equal(unchanged({}, { verdict, scope: 'partial' }), null, `partial and ${verdict}`);
  }
  for (const verdict of ['cancelled', 'superseded'] as const)
    t.equal(unchanged({}, { verdict }), 'gitea-1', `${verdict} says nothing of the commit`);
  t.equal(unchanged({}, { scope: 'partial', run_id: 'p' }), 'gitea-1', 'a partial green run changes nothing');
  t.equal(unchanged({ verdict: 'red' }, { scope: 'partial' }), null, 'nor does it mend anything');
  t.equal(unchanged({}, { verdict: 'red', ref: '111111111111' }), 'gitea-1', 'another commit was red');
  t.equal(unchanged({}, { verdict: 'red', ref: '720faa0bebc4+U' }), 'gitea-1', 'uncommitted files were red');
  t.equal(unchanged({}, { verdict: 'red', kind: 'control' }), 'gitea-1', 'a control was red');
});

t.test('what is unchanged since it was last green is left out, and said', async (t) => {
  const { forge, commits, run, addRecipe, addRun } = await startSweeping(t);
  forge.addOrganisation('org', ['bot', 'mia']);
  for (const name of ['Ghost', 'cal', 'wiki']) addRecipe('org', name, { tags: ['1.0.0+1'] });
  addRun('gitea-1', { recipe: 'ghost' });
  addRun('gitea-2', { recipe: 'cal' });
  addRun('gitea-3', { recipe: 'cal', verdict: 'red', finished: 2000 });
  const { keys, said, tally } = await run();
  t.same(keys, ['sweep-20261123-cal', 'sweep-20261123-wiki']);
  t.same(said, [
    `info git/org/Ghost is left out: ${short(commits)} is unchanged since it was green in run gitea-1`,
  ]);
  t.equal(sayTally(tally), '2 triggers for the tips of 3 repositories, 4 requests; left out: 1 unchanged');
  t.match(judgeEnd(tally), { status: 0, failure: null });
  await t.test('--all', async (t) => {
    const { keys, said } = await run({ outcomes: null });
    t.equal(keys.length, 3);
    t.same(said, []);
  });
  await t.test('tags', async (t) => {
    const { keys, said } = await run({ of: 'tags', only: ['ghost', 'cal'] });
    t.same(keys, ['sweep-20261123-cal-1.0.0-1']);
    t.match(said, [/^info git\/org\/Ghost 1\.0\.0\+1 is left out: .* is unchanged since/]);
  });
  await t.test('pull requests', async (t) => {
    for (const head of ['feature', 'other'])
      forge.openPull('org', 'cal', { head, title: 'x', author: 'mia' });
    addRun('gitea-4', { recipe: 'cal', ref: commits.head.slice(0, 12) });
    const { keys, said } = await run({ of: 'pulls', only: ['cal'] });
    t.same(keys, ['sweep-20261123-cal-pr2']);
    t.match(said, [/^info git\/org\/cal#1 is left out: .* unchanged since it was green in run gitea-4/]);
  });
});

t.test('all unchanged is no error, and says how to test all the same', async (t) => {
  const { forge, run, addRecipe, addRun } = await startSweeping(t);
  forge.addOrganisation('org', ['bot']);
  addRecipe('org', 'ghost');
  addRun('gitea-1', {});
  const { records, tally } = await run();
  t.same(records, []);
  t.match(judgeEnd(tally), { status: 0, failure: null });
  t.equal(
    sayTally(tally),
    '0 triggers for the tips of 1 repository, 2 requests; left out: 1 unchanged; --all tests what is unchanged too',
  );
});

t.test('a commit that came since is tested', async (t) => {
  const { forge, commits, run, addRecipe, addRun } = await startSweeping(t);
  forge.addOrganisation('org', ['bot', 'mia']);
  addRecipe('org', 'ghost');
  addRun('gitea-1', {} satisfies Partial<Results>);
  t.same((await run()).keys, []);
  const number = forge.openPull('org', 'ghost', { head: 'feature', title: 'x', author: 'mia' });
  const merged = forge.mergePull('org', 'ghost', number);
  t.not(merged, commits.base);
  t.match((await run()).triggers, [{ ref: merged }]);
});
