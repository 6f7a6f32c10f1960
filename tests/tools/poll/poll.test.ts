import t from 'tap';
import { poll } from '../../../tools/poll/poll.ts';
import { makeRepository } from '../../support/forge/fixture.ts';
import { enrolledWorld } from './enrolled.ts';
import { kinds, startPolling } from './world.ts';

const search = '/repos/issues/search';
const comments = '/repos/org/app/issues/1/comments';

t.test('a command becomes a trigger that says all of itself, then comes the tick', async (t) => {
  const { clock, comment, commits, forge, tick } = await enrolledWorld(t);
  const { id } = comment('Looks good.\n\n!testme --quick\n');
  const { records, tick: last, asked } = await tick();
  t.same(records, [
    {
      type: 'trigger',
      v: 1,
      at: new Date(clock.ms).toISOString(),
      by: 'ccci-poll/test',
      key: `gitea-${id}`,
      source: 'poll',
      forge: 'gitea',
      owner: 'org',
      name: 'app',
      recipe: 'app',
      repo: `${forge.url}/org/app.git`,
      ref: commits.head,
      pr: {
        number: 1,
        url: `${forge.url}/org/app/pulls/1`,
        title: 'Upgrade',
        fork: false,
        base: { ref: 'main', sha: commits.base },
        head: { ref: 'feature', sha: commits.head },
      },
      comment: {
        id,
        url: `${forge.url}/org/app/pulls/1#issuecomment-${id}`,
        author: 'mia',
        created: '2026-11-23T10:00:10Z',
      },
      options: { quick: true },
    },
  ]);
  t.match(last, { type: 'tick', calls: 6, changed: 1, triggers: 1 });
  t.match(last.cursors, {
    'gitea/org': { since: '2026-11-23T10:00:15Z', enrolledAt: '2026-11-23T10:00:05Z' },
  });
  t.same(asked, [
    search,
    comments,
    '/user',
    '/repos/org/app/pulls/1',
    '/repos/org/app/issues/1/timeline',
    '/orgs/org/members/mia',
  ]);
});

t.test(
  'L12 an idle tick is one request, whatever the number of repositories and known comments',
  async (t) => {
    const { comment, forge, tick } = await enrolledWorld(t);
    for (let at = 0; at < 12; at += 1) {
      makeRepository(`${t.testdirName}/app${at}.git`);
      forge.addRepository('org', `app${at}`, `app${at}.git`);
      forge.openPull('org', `app${at}`, { head: 'feature', title: 'x', author: 'mia' });
    }
    comment('!testme');
    comment('thanks');
    t.equal((await tick()).asked.length, 1 + 13 + 4, 'what moved is read once');
    for (const afterMs of [5_000, 5_000, 60_000]) {
      const { asked, records, tick: last } = await tick(afterMs);
      t.same(asked, [search]);
      t.same(records, []);
      t.match(last, { calls: 1, changed: 0, triggers: 0 });
    }
  },
);

t.test(
  'L01 the first poll enrols: what was written before is history, what comes after is run',
  async (t) => {
    const { comment, forge, stored, tick, clock } = await startPolling(t.testdir());
    t.teardown(() => forge.close());
    comment('!testme');
    clock.ms += 120_000;
    comment('!testme');
    const first = await tick();
    t.same(kinds(first.records), ['drop history']);
    t.match(first.records[0], {
      detail: /older than the enrolment/,
      pr: { number: 1 },
      comment: { author: 'mia' },
    });
    t.same(stored.enrolled, { 'gitea/org': '2026-11-23T10:02:05Z' });
    comment('!testme');
    t.same(kinds((await tick()).records), ['trigger']);
    t.same(stored.enrolled, { 'gitea/org': '2026-11-23T10:02:05Z' });
  },
);

t.test('L02 what was written while nothing was listening is run, once', async (t) => {
  const { comment, clock, tick } = await enrolledWorld(t);
  clock.ms += 3_600_000;
  const { id } = comment('!testme');
  const { records } = await tick(7_200_000);
  t.match(records, [{ type: 'trigger', key: `gitea-${id}` }]);
  t.same((await tick()).records, []);
});

t.test('lost cursors: read again from the time of enrolment', async (t) => {
  const { comment, stored, tick } = await enrolledWorld(t);
  comment('!testme');
  await tick(600_000);
  stored.cursors = {};
  t.same(kinds((await tick(600_000)).records), ['trigger'], 'dedupe knows the key');
  t.same((await tick()).records, []);
});

t.test('two comments in one second, the second after the first was read', async (t) => {
  const { comment, tick } = await enrolledWorld(t);
  const first = comment('!testme');
  t.match((await tick(0)).records, [{ key: `gitea-${first.id}` }]);
  const second = comment('!testme --quick');
  t.match((await tick(0)).records, [{ key: `gitea-${second.id}` }]);
  t.same((await tick(1_000)).records, []);
  t.same((await tick(1_000)).asked, [search], 'the second is over: nothing more is asked');
});

t.test('a row that becomes visible late is found by the sweep', async (t) => {
  const { comment, clock, tick } = await enrolledWorld(t);
  comment('hello');
  await tick();
  await tick();
  const { id } = comment('!testme', 'mia', { createdAt: new Date(clock.ms - 10_000) });
  t.same((await tick()).records, [], 'its pull request has not moved');
  await tick(590_000);
  t.match((await tick()).records, [{ type: 'trigger', key: `gitea-${id}` }]);
  t.same((await tick()).asked, [search]);
});

t.test('commands come in the order they were written, over pull requests', async (t) => {
  const { clock, comment, forge, tick } = await enrolledWorld(t);
  const other = forge.openPull('org', 'app', { head: 'other', title: 'Other', author: 'mia' });
  const ids: number[] = [];
  for (const number of [other, 1, other]) {
    clock.ms += 1_000;
    ids.push(forge.comment('org', 'app', number, 'mia', '!testme').id);
  }
  const { records } = await tick();
  t.same(
    records.map(({ key }) => key),
    ids.map((id) => `gitea-${id}`),
  );
  t.equal(comment('x').id > 0, true);
});

t.test('several pages are all read', async (t) => {
  const { forge, tick } = await enrolledWorld(t);
  const numbers = Array.from({ length: 60 }, () =>
    forge.openPull('org', 'app', { head: 'feature', title: 'x', author: 'mia' }),
  );
  forge.comment('org', 'app', numbers[0]!, 'mia', '!testme');
  const { records, asked } = await tick();
  t.match(records, [{ type: 'trigger', pr: { number: numbers[0]! } }]);
  t.equal(asked.filter((path) => path === search).length, 2);
});

t.test('a stop signal ends it after the record at hand, without a tick', async (t) => {
  const { comment, options, stopping, clock, forge } = await enrolledWorld(t);
  comment('!testme');
  const second = comment('hello');
  clock.ms += 5_000;
  forge.editComment(second.id, '!testme --quick');
  const types: string[] = [];
  for await (const { type } of poll(options({ isOnce: false }))) {
    types.push(type);
    stopping.abort('SIGTERM');
  }
  t.same(types, ['trigger']);
});

t.test('it polls until it is stopped, and waits in between', async (t) => {
  const { options, stopping, clock } = await enrolledWorld(t);
  const waits: number[] = [];
  const wait = async (ms: number) => {
    waits.push(ms);
    clock.ms += ms;
    if (waits.length === 3) stopping.abort('SIGTERM');
  };
  const types: string[] = [];
  for await (const { type } of poll(options({ isOnce: false, wait }))) types.push(type);
  t.same(types, ['tick', 'tick', 'tick']);
  t.same(waits, [5_000, 5_000, 5_000]);
});
