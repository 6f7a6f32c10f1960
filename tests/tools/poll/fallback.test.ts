import t, { type Test } from 'tap';
import { makeRepository } from '../../support/forge/fixture.ts';
import { kinds, startPolling, type WorldOptions } from './world.ts';

const search = '/repos/issues/search';
const listing = '/orgs/org/repos';

type Without = { readonly status: number; readonly body?: string | object };

/** An organisation with three repositories on a forge that has no search; the poll's memory is kept by its sources. */
async function withoutSearch(t: Test, fault: Without = { status: 404 }, given: WorldOptions = {}) {
  const world = await startPolling(t.testdir(), given);
  t.teardown(() => world.forge.close());
  for (const name of ['one', 'two']) {
    makeRepository(`${t.testdirName}/${name}.git`);
    world.forge.addRepository('org', name, `${name}.git`);
    world.forge.openPull('org', name, { head: 'feature', title: name, author: 'mia' });
  }
  const { sources } = world.options();
  const broken = world.forge.misbehave({ match: { path: /issues\/search/ }, times: 1_000, fault });
  const tick = (afterMs = 5_000) => world.tick(afterMs, { sources });
  await tick();
  await tick();
  return { ...world, tick, broken };
}

for (const fault of [
  { status: 404 },
  { status: 405 },
  { status: 501, body: 'not implemented' },
  { status: 200, body: { ok: true } },
]) {
  t.test(`${JSON.stringify(fault)} for the search: each repository is asked on its own`, async (t) => {
    const { forge, tick, warnings, stored } = await withoutSearch(t, fault);
    t.match(warnings, [/GET \/repos\/issues\/search .*; so each repository of org is asked on its own$/]);
    t.same(
      (await tick()).asked,
      ['app', 'one', 'two'].map((name) => `/repos/org/${name}/issues`),
    );
    forge.comment('org', 'two', 1, 'mia', '!testme');
    const { records, tick: last } = await tick();
    t.match(records, [{ type: 'trigger', name: 'two', key: /^gitea-/ }]);
    t.match(last.cursors, { 'gitea/org': { enrolledAt: '2026-11-23T10:00:05Z' } });
    t.same(Object.keys(stored.cursors), ['gitea/org']);
    t.same((await tick(60_000)).records, []);
    t.equal(warnings.length, 1, 'said once');
  });
}

t.test('what is no answer about the search is an error, and no repository is asked', async (t) => {
  const world = await startPolling(t.testdir());
  t.teardown(() => world.forge.close());
  for (const fault of [{ status: 500 }, { status: 400 }, { status: 401 }, { status: 200, body: '[{"half' }]) {
    world.forge.misbehave({ match: { path: /issues\/search/ }, fault });
    const { records, asked } = await world.tick();
    t.same([kinds(records), asked], [['error'], [search]], JSON.stringify(fault));
  }
  t.same(world.warnings, []);
});

t.test(
  'at each sweep it is asked which repositories there are, and whether there is a search now',
  async (t) => {
    const { forge, tick, broken, warnings } = await withoutSearch(t);
    await tick(600_000);
    makeRepository(`${t.testdirName}/new.git`);
    forge.addRepository('org', 'new', 'new.git');
    forge.openPull('org', 'new', { head: 'feature', title: 'new', author: 'mia' });
    forge.comment('org', 'new', 1, 'mia', '!testme');
    t.same((await tick()).asked.slice(0, 2), [search, listing], 'a sweep');
    const { id } = forge.comment('org', 'new', 1, 'mia', '!testme --quick');
    t.match((await tick()).records, [{ key: `gitea-${id}` }], 'L02 it is known from then on');
    broken.stop();
    await tick(600_000);
    t.equal((await tick()).asked[0], search);
    t.same((await tick()).asked, [search], 'and is asked in one request again');
    t.equal(warnings.length, 1);
  },
);

t.test('L02 a repository that is new is read back to the last sweep', async (t) => {
  const { forge, tick } = await withoutSearch(t);
  makeRepository(`${t.testdirName}/new.git`);
  forge.addRepository('org', 'new', 'new.git');
  forge.openPull('org', 'new', { head: 'feature', title: 'new', author: 'mia' });
  const { id } = forge.comment('org', 'new', 1, 'mia', '!testme');
  t.same((await tick(300_000)).records, [], 'not known yet');
  const records = [...(await tick(300_000)).records, ...(await tick()).records];
  t.match(records, [{ type: 'trigger', key: `gitea-${id}` }]);
});

t.test('one repository that cannot be read holds the cursor back, and up nobody', async (t) => {
  const { forge, tick, stored } = await withoutSearch(t);
  const { since } = stored.cursors['gitea/org']!;
  for (const name of ['one', 'two']) forge.comment('org', name, 1, 'mia', '!testme');
  forge.misbehave({ match: { path: /org\/one\/issues\?/ }, fault: { status: 500 } });
  t.match((await tick()).records, [{ type: 'error' }, { type: 'trigger', name: 'two' }]);
  t.equal(stored.cursors['gitea/org']!.since, since);
  t.match((await tick()).records, [{ type: 'trigger', name: 'one' }]);
});

t.test('a repository that was renamed or removed meanwhile', async (t) => {
  const { forge, tick } = await withoutSearch(t);
  forge.renameRepository('org', 'one', 'uno');
  forge.removeRepository('org', 'two');
  const { id } = forge.comment('org', 'uno', 1, 'mia', '!testme');
  const { records } = await tick();
  t.match(records, [
    { type: 'error', message: /org\/two\/issues .* 404/ },
    { type: 'trigger', name: 'uno', key: `gitea-${id}` },
  ]);
  t.same((await tick()).records, [], 'said twice, it is believed');
  const { tick: last, asked } = await tick();
  t.match(last, { sources: { 'gitea/org': { failures: 0 } } });
  t.equal(asked.length, 4, 'and a redirect');
});

t.test('a forge that is away in the middle is not asked for the others', async (t) => {
  const { forge, tick } = await withoutSearch(t);
  forge.misbehave({ match: { path: /org\/one\/issues\?/ }, fault: 'drop' });
  const { asked, records } = await tick();
  t.same(kinds(records), ['error']);
  t.equal(asked.length, 2);
});

t.test('an organisation without repositories', async (t) => {
  const world = await startPolling(t.testdir());
  t.teardown(() => world.forge.close());
  world.forge.addOrganisation('empty', ['bot']);
  world.forge.misbehave({ match: { path: /search/ }, times: 99, fault: { status: 404 } });
  const { sources } = world.options();
  const empty = sources.map((source) => ({ ...source, key: 'gitea/empty' }));
  world.forge.removeRepository('org', 'app');
  t.same((await world.tick(5_000, { sources: empty })).records, []);
  t.same((await world.tick(5_000, { sources: empty })).records, []);
});
