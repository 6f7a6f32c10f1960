import t from 'tap';
import { makeRepository } from '../../support/forge/fixture.ts';
import { enrolledWorld } from './enrolled.ts';
import { kinds } from './world.ts';

t.test('L10 ordinary comments cost no question and are no record', async (t) => {
  const { comment, tick } = await enrolledWorld(t);
  comment("please don't !testme yet");
  comment('> !testme');
  const { records, asked } = await tick();
  t.same(records, []);
  t.equal(asked.length, 2);
});

t.test('L09 an edit never counts', async (t) => {
  const { comment, forge, tick } = await enrolledWorld(t);
  const known = comment('hello');
  await tick();
  forge.editComment(known.id, '!testme');
  forge.comment('org', 'app', 1, 'mia', 'and one more');
  t.same((await tick()).records, [], 'of a comment that was seen');
  t.same((await tick(700_000)).records, [], 'nor at the next sweep');
  forge.comment('org', 'app', 1, 'mia', 'still here');
  t.same((await tick(3_600_000)).records, [], 'nor long after');
  forge.editComment(known.id, '!testme --quick');
  forge.comment('org', 'app', 1, 'mia', 'and again');
  t.same((await tick()).records, [], 'nor when it is forgotten');
});

t.test('L09 a comment that was edited before it was seen is told so', async (t) => {
  const { comment, clock, forge, tick } = await enrolledWorld(t);
  const { id } = comment('hello');
  clock.ms += 2_000;
  forge.editComment(id, '!testme');
  const { records } = await tick();
  t.match(records, [{ type: 'drop', reason: 'history', detail: /edited before it was read/ }]);
});

t.test('L13 our own comments and migrated ones are nobody', async (t) => {
  const { comment, tick } = await enrolledWorld(t);
  comment('!testme', 'bot');
  comment('!testme', 'mia', { originalAuthor: 'somebody' });
  t.same((await tick()).records, []);
  t.equal((await tick()).asked.length, 1, 'and cause no further work');
});

t.test('L05 a closed or merged pull request is answered, not ignored', async (t) => {
  const { comment, forge, tick } = await enrolledWorld(t);
  forge.closePull('org', 'app', 1);
  comment('!testme');
  t.match((await tick()).records, [
    { reason: 'closed', detail: /is closed/, owner: 'org', name: 'app', pr: { number: 1 } },
  ]);
  forge.reopenPull('org', 'app', 1);
  forge.mergePull('org', 'app', 1);
  comment('!testme');
  t.match((await tick()).records, [{ reason: 'closed', detail: /is merged/ }]);
});

t.test('L01 a pull request that was opened again makes older comments history', async (t) => {
  const { comment, forge, tick } = await enrolledWorld(t);
  comment('!testme');
  forge.closePull('org', 'app', 1);
  forge.reopenPull('org', 'app', 1);
  comment('!testme --quick');
  t.same(kinds((await tick()).records), ['drop history', 'trigger']);
});

t.test('L04 who is no member is told why, a member removed a minute ago too', async (t) => {
  const { comment, forge, tick } = await enrolledWorld(t);
  comment('!testme', 'eve');
  comment('!help', 'eve');
  t.match((await tick()).records, [
    { reason: 'not-allowed', detail: 'eve is not a member of org and not on the allow list' },
    { reason: 'not-allowed' },
  ]);
  comment('!testme', 'mia');
  t.same(kinds((await tick()).records), ['trigger']);
  forge.removeMember('org', 'mia');
  comment('!testme', 'mia');
  t.same(kinds((await tick(60_000)).records), ['drop not-allowed']);
});

t.test('the allow list needs no membership, whatever the case', async (t) => {
  const { comment, tick } = await enrolledWorld(t, { allow: ['EVE'] });
  comment('!testme', 'eve');
  const { records, asked } = await tick();
  t.same(kinds(records), ['trigger']);
  t.notOk(asked.some((path) => path.startsWith('/orgs')));
});

t.test('L04 303 is a configuration error: never a yes, kept until it is put right', async (t) => {
  const { comment, forge, tick } = await enrolledWorld(t);
  forge.removeMember('org', 'bot');
  comment('!testme');
  const held = await tick();
  t.match(held.records, [{ type: 'error', hint: 'make the bot user a member of org' }]);
  forge.addMember('org', 'bot');
  t.same(kinds((await tick(3_600_000)).records), ['trigger']);
});

t.test('cancel, help and what only tries to be a command', async (t) => {
  const { comment, commits, tick } = await enrolledWorld(t);
  comment('!cancel');
  comment('!help');
  comment('!testme --qick');
  t.match((await tick()).records, [
    {
      type: 'cancel',
      owner: 'org',
      name: 'app',
      pr: { number: 1, head: { sha: commits.head } },
      comment: { author: 'mia' },
    },
    { type: 'drop', reason: 'help', detail: /--quick.*reviews and descriptions are not read/ },
    {
      type: 'drop',
      reason: 'grammar',
      detail: '"--qick" is not understood; the nearest valid form is !testme --quick',
    },
  ]);
});

t.test('L11 the head is pinned; a commit that is not the head has moved', async (t) => {
  const { comment, commits, forge, tick } = await enrolledWorld(t);
  const { head, next } = commits;
  comment(`!testme ${head.slice(0, 7)}`);
  comment(`!testme ${head}`);
  t.match((await tick()).records, [{ ref: head, options: { commit: head.slice(0, 7) } }, { ref: head }]);
  comment(`!testme ${head.slice(0, 7)}`);
  forge.push('org', 'app', 1, next);
  t.match((await tick()).records, [
    {
      reason: 'moved',
      detail: `${head.slice(0, 7)} is not the head of the pull request; comment !testme ${next.slice(0, 7)} to test exactly this`,
    },
  ]);
});

t.test('a push to a branch of the repository itself is a member’s: the head of now is run', async (t) => {
  const { comment, commits, forge, tick } = await enrolledWorld(t);
  comment('!testme');
  forge.push('org', 'app', 1, commits.next);
  t.match((await tick()).records, [{ type: 'trigger', ref: commits.next }]);
});

async function forkedWorld(t: Parameters<typeof enrolledWorld>[0], forks: boolean) {
  const world = await enrolledWorld(t, { forks });
  makeRepository(`${t.testdirName}/fork.git`);
  world.forge.addRepository('eve', 'app', 'fork.git', { forkOf: 'org/app' });
  const fork = { owner: 'eve', name: 'app' };
  const number = world.forge.openPull('org', 'app', { head: 'feature', title: 'Fork', author: 'eve', fork });
  const say = (body: string, author = 'mia') => world.forge.comment('org', 'app', number, author, body);
  return { ...world, number, say };
}

t.test('forks are off until they are turned on', async (t) => {
  const { say, tick } = await forkedWorld(t, false);
  say('!testme');
  t.match((await tick()).records, [{ reason: 'not-allowed', detail: /forks are not tested/ }]);
});

t.test('a fork: permission for exactly the commit that was the head', async (t) => {
  const { say, clock, commits, forge, number, tick } = await forkedWorld(t, true);
  say('!testme');
  t.match((await tick()).records, [{ type: 'trigger', ref: commits.head, pr: { fork: true } }]);

  say('!testme');
  forge.push('org', 'app', number, commits.next);
  const moved = `comment !testme ${commits.next.slice(0, 7)} to test exactly this`;
  t.match(
    (await tick()).records,
    [{ reason: 'moved', detail: new RegExp(moved) }],
    'a push in the same second',
  );

  clock.ms += 1_000;
  say('!testme');
  t.match((await tick()).records, [{ type: 'trigger', ref: commits.next }], 'no push since');

  say(`!testme ${commits.other.slice(0, 7)}`);
  clock.ms += 1_000;
  forge.push('org', 'app', number, commits.other);
  t.same(kinds((await tick()).records), ['drop moved'], 'a short hash can be made to fit');

  say(`!testme ${commits.next}`);
  clock.ms += 1_000;
  forge.push('org', 'app', number, commits.next);
  t.match((await tick()).records, [{ type: 'trigger', ref: commits.next }], 'a whole one cannot');
});

t.test('a fork whose timeline cannot be read has moved', async (t) => {
  const { say, forge, tick } = await forkedWorld(t, true);
  for (const fault of [
    { status: 403, body: {} },
    { status: 200, body: '[{"id":"x"}]' },
  ]) {
    forge.misbehave({ match: { path: /timeline/ }, fault });
    say('!testme');
    t.match((await tick()).records, [{ reason: 'moved', detail: /cannot be read/ }]);
  }
});
