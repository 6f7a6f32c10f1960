import t from 'tap';
import { enrolledWorld } from './enrolled.ts';
import { kinds, startPolling } from './world.ts';

/** Every comment exactly once: the stories in which systems of this kind lose or double work. */

t.test(
  'L01 two old triggers on a pull request that is closed at start, opened again, one new comment: one run',
  async (t) => {
    const { comment, forge, tick, clock } = await startPolling(t.testdir());
    t.teardown(() => forge.close());
    comment('!testme');
    clock.ms += 60_000;
    comment('!testme');
    clock.ms += 60_000;
    forge.closePull('org', 'app', 1);
    clock.ms += 60_000;
    const records = [...(await tick()).records];
    forge.reopenPull('org', 'app', 1);
    records.push(...(await tick()).records);
    const { id } = comment('!testme');
    for (const afterMs of [5_000, 5_000, 600_000, 5_000]) records.push(...(await tick(afterMs)).records);
    const triggers = records.filter(({ type }) => type === 'trigger');
    t.match(triggers, [{ key: `gitea-${id}` }]);
    t.equal(triggers.length, 1);
  },
);

t.test('L01 the same when both were written while ccci was down', async (t) => {
  const { comment, forge, tick, clock } = await enrolledWorld(t);
  clock.ms += 600_000;
  comment('!testme');
  clock.ms += 600_000;
  comment('!testme');
  forge.closePull('org', 'app', 1);
  clock.ms += 600_000;
  forge.reopenPull('org', 'app', 1);
  comment('!testme');
  const records = [...(await tick()).records, ...(await tick()).records, ...(await tick(600_000)).records];
  t.same(kinds(records), ['drop history', 'drop history', 'trigger']);
});

t.test('L02 state lost, forge full of old triggers: none runs', async (t) => {
  const { comment, forge, tick, clock, stored } = await enrolledWorld(t);
  for (const number of forge.openPulls('org', 'app', { head: 'feature', title: 'x', author: 'mia' }, 30)) {
    forge.comment('org', 'app', number, 'mia', '!testme');
    clock.ms += 1_000;
  }
  await tick();
  Object.assign(stored, { cursors: {}, enrolled: {}, ticks: {} });
  const records = [];
  for (const afterMs of [5_000, 5_000, 600_000, 5_000, 600_000])
    records.push(...(await tick(afterMs)).records);
  t.same(
    records.filter(({ type }) => type === 'trigger'),
    [],
  );
  comment('!testme');
  t.same(kinds((await tick()).records), ['trigger']);
});

t.test('51 comments in one second, a page and one more: 51 triggers', async (t) => {
  const { forge, tick, clock } = await enrolledWorld(t);
  const numbers = forge.openPulls('org', 'app', { head: 'feature', title: 'x', author: 'mia' }, 51);
  await tick();
  await tick();
  clock.ms += 1_000;
  const ids = numbers.map((number) => forge.comment('org', 'app', number, 'mia', '!testme').id);
  const records = [...(await tick(0)).records, ...(await tick(500)).records, ...(await tick(500)).records];
  t.same(
    records.map(({ key }) => key),
    ids.map((id) => `gitea-${id}`),
  );
});

t.test('51 comments in one second on one pull request', async (t) => {
  const { comment, tick } = await enrolledWorld(t);
  const ids = Array.from({ length: 51 }, () => comment('!testme').id);
  const records = [...(await tick(0)).records, ...(await tick(0)).records, ...(await tick()).records];
  t.same(
    records.map(({ key }) => key),
    ids.map((id) => `gitea-${id}`),
  );
});

t.test('two comments and the cursor in one second, whichever comes between', async (t) => {
  const { comment, tick, clock, stored } = await enrolledWorld(t);
  clock.ms += 60_000;
  const first = comment('!testme');
  t.match((await tick(0)).records, [{ key: `gitea-${first.id}` }]);
  t.equal(Date.parse(stored.cursors['gitea/org']!.since), clock.ms, 'the cursor is in the second of both');
  const second = comment('!testme --quick');
  t.match((await tick(999)).records, [{ key: `gitea-${second.id}` }]);
  for (const afterMs of [1, 1_000, 60_000, 600_000]) t.same((await tick(afterMs)).records, []);
});

t.test('L09 edited before it was read, edited after, deleted before, migrated', async (t) => {
  const { comment, forge, tick, clock } = await enrolledWorld(t);
  const changed = comment('!testme');
  const deleted = comment('!testme');
  comment('!testme', 'mia', { originalAuthor: 'ana' });
  clock.ms += 1_000;
  forge.editComment(changed.id, '!testme --quick');
  forge.deleteComment(deleted.id);
  t.match((await tick()).records, [{ type: 'drop', reason: 'history', key: `gitea-${changed.id}` }]);
  const { id } = comment('!testme');
  t.match((await tick()).records, [{ type: 'trigger', key: `gitea-${id}` }]);
  clock.ms += 1_000;
  forge.editComment(id, '!testme --quick');
  comment('and a word');
  for (const afterMs of [5_000, 600_000, 5_000]) t.same((await tick(afterMs)).records, []);
});

t.test('a page that shifts while it is read: what it hid is found by the next poll or sweep', async (t) => {
  const { forge, tick, clock } = await enrolledWorld(t);
  const numbers = forge.openPulls('org', 'app', { head: 'feature', title: 'x', author: 'mia' }, 60);
  await tick();
  await tick(600_000);
  const ids = numbers.map((number) => {
    clock.ms += 20_000;
    return forge.comment('org', 'app', number, 'mia', '!testme').id;
  });
  // The second page comes as if a row of the first had gone: its own first row is left out.
  const path = /issues\/search.*page=2/;
  const { body } = await (async () => {
    const since = new Date(clock.ms - 3_600_000).toISOString().slice(0, 19);
    const response = await fetch(
      `${forge.url}/api/v1/repos/issues/search?type=pulls&state=all&owner=org&since=${since}Z&page=2&limit=50`,
    );
    return { body: (await response.json()) as readonly { number: number }[] };
  })();
  const headers = { 'x-total-count': '59', 'content-type': 'application/json' };
  forge.misbehave({ match: { path }, fault: { status: 200, body: body.slice(1), headers } });
  const first = (await tick()).records;
  t.equal(first.length, 59, 'one is hidden');
  const later = [...(await tick()).records, ...(await tick()).records];
  t.same([...first, ...later].map(({ key }) => key).sort(), ids.map((id) => `gitea-${id}`).sort());
});

t.test('several organisations, two forges and a single repository at once', async (t) => {
  const one = await enrolledWorld(t, { organisations: ['org', 'other'], repositories: ['eve/tool'] });
  const { forge } = one;
  forge.addOrganisation('other', ['bot', 'mia']);
  forge.addRepository('other', 'b', `${t.testdirName}/app.git`);
  forge.addRepository('eve', 'tool', `${t.testdirName}/app.git`);
  for (const [owner, name] of [
    ['other', 'b'],
    ['eve', 'tool'],
  ] as const)
    forge.openPull(owner, name, { head: 'feature', title: 'x', author: 'mia' });
  const two = one.connect(forge.url, 'second');
  const sources = [...one.options().sources, ...one.sourcesFor(two)];
  await one.tick(5_000, { sources });
  t.equal((await one.tick(5_000, { sources })).asked.length, 6, 'one request for each');
  const allowed = sources.map((source) => ({ ...source, allow: ['mia'] }));
  for (const [owner, name] of [
    ['org', 'app'],
    ['other', 'b'],
    ['eve', 'tool'],
  ] as const)
    forge.comment(owner, name, 1, 'mia', '!testme');
  const { records, tick: last } = await one.tick(5_000, { sources: allowed });
  t.same(records.map(({ forge: name, owner }) => `${name} ${owner}`).sort(), [
    'gitea eve',
    'gitea org',
    'gitea other',
    'second eve',
    'second org',
    'second other',
  ]);
  t.equal(Object.keys(last.cursors as object).length, 6);
  t.equal(Object.keys(last.sources as object).length, 6);
});
