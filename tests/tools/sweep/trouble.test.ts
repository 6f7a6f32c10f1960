import { exitStatus } from '@ccci/lib/program/failure.ts';
import t, { type Test } from 'tap';
import { judgeEnd, sayTally } from '../../../tools/sweep/tally.ts';
import { startSweeping } from './world.ts';

/** An organisation with some recipes. */
async function withRecipes(t: Test, ...names: readonly string[]) {
  const world = await startSweeping(t);
  world.forge.addOrganisation('org', ['bot', 'mia']);
  for (const name of names) world.addRecipe('org', name);
  return world;
}

t.test('L50 one forge cannot be listed: the others go on, and it is missing', async (t) => {
  const { run } = await withRecipes(t, 'ghost');
  const away = { name: 'away', url: 'http://127.0.0.1:1', organisations: ['org', 'more'] };
  const { records, said, tally } = await run({ forges: [away, { organisations: ['org'] }] });
  t.match(records, [
    { type: 'error', forge: 'away', source: 'away/org', message: /forge away got no answer/, hint: /is up/ },
    { type: 'error', forge: 'away', source: 'away/more' },
    { type: 'trigger', forge: 'git', key: 'sweep-20261123-ghost' },
  ]);
  t.match(said[0], /^error GET \/orgs\/org\/repos at forge away got no answer/);
  t.match(judgeEnd(tally), { status: exitStatus.leftOver, failure: null });
  t.match(
    sayTally(tally),
    /^1 trigger for the tips of 1 repository, 4 requests; something is missing, see above$/,
  );
});

t.test('L50 no forge answers: nothing could be done', async (t) => {
  const { run } = await startSweeping(t);
  const { tally } = await run({ forges: [{ url: 'http://127.0.0.1:1', organisations: ['org'] }] });
  t.match(judgeEnd(tally), { status: exitStatus.unavailable, failure: null });
});

t.test('L50 a listing that is cut in the middle is an error, not a shorter list', async (t) => {
  const { forge, dir, run, addRecipe } = await startSweeping(t);
  forge.addOrganisation('big', ['bot']);
  for (let at = 0; at < 60; at += 1) forge.addRepository('big', `recipe-${at}`, `${dir}/template.git`);
  forge.addOrganisation('org', ['bot']);
  addRecipe('org', 'ghost');
  const second = { path: /orgs\/big\/repos\?page=2/ };
  for (const fault of ['drop', 'truncate', { status: 500 }, { status: 200, body: '[{"id":1}]' }] as const) {
    const rule = forge.misbehave({ match: second, fault });
    const { keys, errors, tally } = await run({ forges: [{ organisations: ['big', 'org'] }] });
    t.equal(rule.count(), 1, JSON.stringify(fault));
    t.same(keys, ['sweep-20261123-ghost'], 'nothing of what came before is taken for the whole');
    t.match(errors, [{ source: 'git/big' }]);
    t.match(judgeEnd(tally), { status: exitStatus.leftOver });
  }
});

t.test('a forge that goes away in the middle is given up, and the next one is swept', async (t) => {
  const { forge, run, addRecipe } = await withRecipes(t, 'a', 'b', 'c', 'd', 'e', 'f');
  forge.addOrganisation('later', ['bot']);
  addRecipe('later', 'ghost');
  forge.misbehave({ match: { path: /org\/.*branches/ }, nth: 2, times: 99, fault: 'drop' });
  const forges = [
    { name: 'git', organisations: ['org'] },
    { name: 'other', organisations: ['later'] },
  ];
  const { records, said, tally, asked } = await run({ forges });
  t.match(records, [
    { type: 'trigger', key: 'sweep-20261123-a' },
    { type: 'error', source: 'git/org/b' },
    { type: 'error', source: 'git/org/c' },
    { type: 'error', source: 'git/org/d' },
    { type: 'trigger', key: 'sweep-20261123-ghost', forge: 'other' },
    { type: 'error', source: 'git', message: '2 more of forge git were not asked for' },
  ]);
  t.ok(said.includes('warning forge git is given up: what else it has is missing'));
  t.notOk(asked.some((path) => /org\/[ef]\//.test(path)));
  t.match(judgeEnd(tally), { status: exitStatus.leftOver });
});

t.test('one repository that cannot be read does not hold up the others', async (t) => {
  const { forge, run } = await withRecipes(t, 'a', 'b', 'c', 'd', 'e');
  for (const name of ['a', 'c', 'd'])
    forge.misbehave({ match: { path: new RegExp(`org/${name}/branches`) }, fault: { status: 500 } });
  const { keys, errors } = await run();
  t.same(keys, ['sweep-20261123-b', 'sweep-20261123-e']);
  t.match(errors, [{ source: 'git/org/a' }, { source: 'git/org/c' }, { source: 'git/org/d' }]);
});

t.test('a forge that is busy is waited for, as long as it asks, but not for ever', async (t) => {
  const { forge, run } = await withRecipes(t, 'a', 'b');
  const busy = (seconds: number) => ({ status: 429, headers: { 'retry-after': `${seconds}` } });
  forge.misbehave({ match: { path: /branches/ }, times: 3, fault: busy(7) });
  const waited = await run();
  t.equal(waited.triggers.length, 2);
  t.same(
    waited.said.filter((line) => line.startsWith('waited')),
    ['waited 7000 ms', 'waited 7000 ms', 'waited 7000 ms'],
  );
  t.match(waited.said[0], 'info forge git is busy: waiting 7 s, as it asks');
  const again = forge.misbehave({ match: { path: /branches/ }, times: 99, fault: busy(7) });
  const tired = await run();
  t.match(tired.errors, [{ source: 'git/org/a' }, { source: 'git', message: /^1 more/ }]);
  again.stop();
  forge.misbehave({ match: { path: /branches/ }, fault: busy(3_600) });
  const long = await run();
  t.notOk(
    long.said.some((line) => line.startsWith('waited')),
    'an hour is too long',
  );
  t.equal(long.triggers.length, 0);
});

t.test('a token that is not valid any more is said once', async (t) => {
  const { forge, run } = await withRecipes(t, 'a', 'b', 'c');
  forge.misbehave({ match: { path: /branches/ }, times: 99, fault: { status: 401 } });
  const { errors, asked } = await run();
  t.match(errors, [
    { source: 'git/org/a', hint: /token/ },
    { message: '2 more of forge git were not asked for' },
  ]);
  t.equal(asked.length, 2);
});

t.test('names that nothing has: an organisation, a repository', async (t) => {
  const { run } = await withRecipes(t, 'ghost');
  const { keys, errors, tally } = await run({
    forges: [{ organisations: ['orgg', 'org'], repositories: ['org/gone', 'nobody/x'] }],
  });
  t.same(keys, ['sweep-20261123-ghost']);
  t.match(errors, [
    { source: 'git/orgg', hint: /check the name/ },
    { source: 'git/org/gone', message: 'git/org/gone is enrolled, but not there', hint: /check the name/ },
    { source: 'git/nobody/x' },
  ]);
  t.match(judgeEnd(tally), { status: exitStatus.leftOver });
});

t.test('L50 an empty work list is an error that says what was found', async (t) => {
  const { forge, run, addRecipe } = await startSweeping(t);
  forge.addOrganisation('org', ['bot', 'mia']);
  const none = await run();
  t.match(judgeEnd(none.tally).failure, {
    status: exitStatus.unavailable,
    code: 'nothing-to-sweep',
    message: 'there is nothing to sweep: no repository',
    hint: /enrolled/,
  });
  addRecipe('org', 'old');
  forge.archiveRepository('org', 'old');
  addRecipe('org', 'blank', { empty: true });
  const unusable = await run();
  t.equal(
    judgeEnd(unusable.tally).failure?.message,
    'there is nothing to sweep: 2 repositories, 1 empty, 1 archived',
  );
  addRecipe('org', 'ghost');
  const pulls = await run({ of: 'pulls' });
  t.match(
    judgeEnd(pulls.tally).failure?.message,
    /3 repositories, 1 empty, 1 without a pull request, 1 archived/,
  );
  const tags = await run({ of: 'tags' });
  t.match(judgeEnd(tags.tally).failure?.message, /1 without a version/);
});

t.test('L50 only pull requests from forks: nothing to sweep, too', async (t) => {
  const { forge, run, addRecipe } = await withRecipes(t, 'ghost');
  addRecipe('mia', 'ghost');
  const fork = { owner: 'mia', name: 'ghost' };
  forge.openPull('org', 'ghost', { head: 'feature', title: 'x', author: 'mia', fork });
  const { tally } = await run({ of: 'pulls' });
  t.match(judgeEnd(tally).failure?.message, /nothing to sweep: 1 repository, 1 from a fork/);
});

t.test('--only with names that nothing has: 65, unless what is missing may have them', async (t) => {
  const { forge, run } = await withRecipes(t, 'ghost');
  const nothing = await run({ only: ['gohst'] });
  t.match(judgeEnd(nothing.tally), { status: exitStatus.badInput, failure: null });
  forge.misbehave({ match: { path: /orgs/ }, fault: { status: 500 } });
  const unclear = await run({ only: ['gohst'] });
  t.match(judgeEnd(unclear.tally), { status: exitStatus.unavailable });
  t.notOk(unclear.said.some((line) => line.includes('gohst')));
});

t.test('asked to stop, it ends quietly with what it has', async (t) => {
  const { forge, stopping, run } = await withRecipes(t, 'a', 'b', 'c');
  forge.misbehave({ match: { path: /org\/b\/branches/ }, fault: 'hang' });
  const running = run();
  await forge.waitFor(() => forge.requests.some(({ path }) => path.includes('/b/')), { what: 'the request' });
  stopping.abort('SIGTERM');
  const { keys, errors, tally } = await running;
  t.same(keys, ['sweep-20261123-a']);
  t.same(errors, []);
  t.match(tally, { isStopped: true, calls: 3 });
  t.match(judgeEnd(tally), { status: exitStatus.ok, failure: null });
  t.match(sayTally(tally), /^stopped after 1 trigger/);
});
