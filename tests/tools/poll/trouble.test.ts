import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import t from 'tap';
import { poll } from '../../../tools/poll/poll.ts';
import { makeRepository } from '../../support/forge/fixture.ts';
import { enrolledWorld } from './enrolled.ts';
import { kinds, startPolling } from './world.ts';

const steps = [/issues\/search/, /issues\/1\/comments/, /\/user$/, /pulls\/1$/, /timeline/, /members/];

for (const path of steps) {
  for (const [name, fault] of [
    ['502', { status: 502, body: 'bad gateway' }],
    ['broken JSON', { status: 200, body: '{"half' }],
    ['no answer', 'drop'],
    ['half an answer', 'truncate'],
  ] as const) {
    // A membership is told by the status alone.
    if (path.source.includes('members') && (name === 'broken JSON' || name === 'half an answer')) continue;
    t.test(`${name} at ${path.source}: nothing is lost`, async (t) => {
      const { comment, forge, stored, tick } = await enrolledWorld(t);
      const before = stored.cursors['gitea/org']!.since;
      comment('!testme');
      const rule = forge.misbehave({ match: { path }, fault });
      const held = await tick();
      t.equal(rule.count(), 1);
      t.same(kinds(held.records), ['error']);
      t.ok(held.records[0]!.message);
      t.equal(stored.cursors['gitea/org']!.since, before, 'the cursor is held back');
      t.same(kinds((await tick(120_000)).records), ['trigger'], 'the next poll gets it');
      t.same((await tick()).asked, ['/repos/issues/search']);
    });
  }
}

t.test('a passing failure is healed within the poll', async (t) => {
  const { comment, forge, tick } = await enrolledWorld(t, { retries: 2 });
  comment('!testme');
  forge.misbehave({ match: { path: /comments/ }, times: 2, fault: { status: 502 } });
  t.same(kinds((await tick()).records), ['trigger']);
});

t.test('what was judged is not said again while something else is held back', async (t) => {
  const { comment, forge, tick } = await enrolledWorld(t);
  comment('!testme');
  const second = comment('!testme --quick');
  forge.misbehave({ match: { path: /pulls\/1$/ }, nth: 2, fault: { status: 500 } });
  t.same(kinds((await tick()).records), ['trigger', 'error']);
  t.match((await tick()).records, [{ key: `gitea-${second.id}` }]);
  t.same((await tick()).records, []);
});

t.test('one pull request that cannot be read does not hold up the others', async (t) => {
  const { comment, forge, tick } = await enrolledWorld(t);
  const other = forge.openPull('org', 'app', { head: 'other', title: 'x', author: 'mia' });
  const rule = forge.misbehave({ match: { path: /issues\/1\/comments/ }, times: 9, fault: { status: 500 } });
  comment('!testme');
  forge.comment('org', 'app', other, 'mia', '!testme');
  t.match((await tick()).records, [{ type: 'error' }, { type: 'trigger', pr: { number: other } }]);
  t.same(kinds((await tick()).records), ['error']);
  rule.stop();
  t.match((await tick(300_000)).records, [{ type: 'trigger', pr: { number: 1 } }]);
});

t.test('a pull request that is gone is said so', async (t) => {
  const { comment, forge, tick, stored } = await enrolledWorld(t);
  comment('!testme');
  forge.misbehave({ match: { path: /pulls\/1$/ }, fault: { status: 404 } });
  t.same(kinds((await tick()).records), ['drop gone']);
  comment('!testme');
  forge.misbehave({ match: { path: /issues\/1\/comments/ }, fault: { status: 404 } });
  const { since } = stored.cursors['gitea/org']!;
  t.same(kinds((await tick()).records), ['error']);
  t.not(stored.cursors['gitea/org']!.since, since, 'and holds nothing up for ever');
});

t.test('a renamed repository: the single one that is configured is followed', async (t) => {
  const { comment, forge, tick } = await enrolledWorld(t, { organisations: [], repositories: ['org/app'] });
  comment('!testme');
  t.same((await tick()).asked.slice(0, 2), ['/repos/org/app/issues', '/repos/org/app/issues/1/comments']);
  forge.renameRepository('org', 'app', 'App2');
  forge.comment('org', 'App2', 1, 'mia', '!testme');
  const { records, tick: last } = await tick();
  t.match(records.at(-1), {
    type: 'trigger',
    name: 'App2',
    recipe: 'app2',
    repo: `${forge.url}/org/App2.git`,
  });
  t.ok((last.cursors as object as Record<string, unknown>)['gitea/org/app']);
});

t.test('a rename between search and comments', async (t) => {
  const { comment, forge, tick } = await enrolledWorld(t);
  comment('!testme');
  forge.misbehave({
    match: { path: /issues\/1\/comments/ },
    fault: { redirect: '/api/v1/repos/org/app/issues/1/comments' },
  });
  t.same(kinds((await tick()).records), ['trigger']);
});

t.test('redirected out of the API: an error, and no token goes there', async (t) => {
  const { comment, forge, tick } = await enrolledWorld(t);
  comment('!testme');
  const trap = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(trap, 'listening');
  t.teardown(() => trap.close());
  let visits = 0;
  trap.on('connection', () => visits++);
  const elsewhere = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`;
  forge.misbehave({
    match: { path: /search/ },
    fault: { redirect: `${elsewhere}/login`, redirectStatus: 302 },
  });
  t.match((await tick()).records, [{ type: 'error', message: /answered with 302/ }]);
  forge.misbehave({
    match: { path: /search/ },
    fault: {
      redirect: `${elsewhere}/api/v1/repos/issues/search?type=pulls&state=all&owner=org&page=1`,
      redirectStatus: 301,
    },
  });
  t.same(kinds((await tick()).records), ['trigger'], 'the path counts, not the host');
  t.equal(visits, 0);
});

t.test('an unknown organisation is said, with what to do', async (t) => {
  const { forge, tick } = await startPolling(t.testdir(), { organisations: ['nobody', 'org'] });
  t.teardown(() => forge.close());
  const { records, tick: last } = await tick();
  t.match(records, [
    { type: 'error', message: /answered with 400/, hint: /check the name/, source: 'gitea/nobody' },
  ]);
  t.same(Object.keys(last.cursors as object), ['gitea/org']);
});

t.test('a forge that is away: an error, one attempt, and the next forge goes on', async (t) => {
  const world = await enrolledWorld(t);
  const away = world.connect('http://127.0.0.1:1', 'away');
  const second = world.sourcesFor(away).map((source) => ({ ...source, key: 'away/other' }));
  const sources = [...world.sourcesFor(away), ...second, ...world.options().sources];
  world.comment('!testme');
  let summary: object = {};
  const { records, tick } = await world.tick(5_000, { sources, onTick: (told) => (summary = told) });
  t.same(kinds(records), ['error', 'trigger']);
  t.match(records[0], {
    forge: 'away',
    source: 'away/org',
    message: /got no answer/,
    hint: /forges\.away\.url/,
  });
  t.same(Object.keys(tick.cursors as object), ['gitea/org']);
  t.same(summary, { asked: 3, answered: 1, isComplete: false });
});

t.test('after errors it asks less often, and as the server says', async (t) => {
  const { options, stopping, clock, forge } = await enrolledWorld(t);
  const started = clock.ms;
  const asked: number[] = [];
  forge.misbehave({ times: 4, fault: { status: 500 } });
  forge.misbehave({ fault: { status: 429, headers: { 'retry-after': '120' } } });
  forge.clearRequests();
  const wait = async (ms: number) => {
    while (asked.length < forge.requests.length) asked.push((clock.ms - started) / 1000);
    clock.ms += ms;
    if (clock.ms - started > 300_000) stopping.abort('SIGTERM');
  };
  for await (const _ of poll(options({ isOnce: false, wait })));
  t.same(asked.slice(0, 8), [0, 5, 15, 35, 65, 185, 190, 195]);
});

t.test('a stop while the forge is silent ends at once', async (t) => {
  const { options, stopping, forge } = await enrolledWorld(t);
  forge.misbehave({ match: { path: /search/ }, fault: 'hang' });
  forge.clearRequests();
  const ended = poll(options({ isOnce: false })).next();
  await forge.waitFor(() => forge.requests.length > 0, { what: 'the search' });
  stopping.abort('SIGTERM');
  t.same(await ended, { done: true, value: undefined });
});

t.test('a forge that never answers ends at the time limit', async (t) => {
  const world = await enrolledWorld(t, { retries: 2, requestMs: 2_000 });
  world.forge.misbehave({ match: { path: /search/ }, fault: 'hang' });
  const { records, asked } = await world.tick();
  t.match(records, [{ type: 'error', message: /no answer within 2000 ms/ }]);
  t.equal(asked.length, 1, 'not tried again: it would hold up the others');
});

t.test('a repository of an enrolled organisation is not asked for twice', async (t) => {
  const { tick, forge } = await startPolling(t.testdir(), { repositories: ['Org/app', 'eve/tool'] });
  t.teardown(() => forge.close());
  makeRepository(`${t.testdirName}/tool.git`);
  forge.addRepository('eve', 'tool', 'tool.git');
  await tick();
  t.same((await tick()).asked, ['/repos/issues/search', '/repos/eve/tool/issues']);
});
