import { connectForge } from '@ccci/lib/forge/gitea.ts';
import { type JudgeOptions, judgeComment } from '@ccci/lib/forge/judge-comment.ts';
import t, { type Test } from 'tap';
import { startWorld } from '../../support/forge/fixture.ts';

const at = Date.parse('2026-11-23T10:00:00Z');

/** A forge whose clock the test moves; `judge` reads a comment again and judges it, as every source does. */
async function world(t: Test, more: Partial<JudgeOptions> = {}) {
  const clock = { ms: at };
  const made = await startWorld(t.testdir(), { now: () => clock.ms });
  t.teardown(() => made.forge.close());
  const { url } = made.forge;
  const { signal } = new AbortController();
  const now = () => new Date(clock.ms);
  const client = connectForge({
    name: 'git',
    url,
    token: made.token,
    requestMs: 60_000,
    signal,
    retries: 0,
    now,
  });
  const hit = { owner: 'org', name: 'app', number: 1, title: 'Upgrade', updatedAt: '2026-11-23T10:00:00Z' };
  const options: JudgeOptions = {
    client,
    source: 'hook',
    word: '!testme',
    allow: [],
    forks: false,
    enrolledAt: '2026-11-23T09:00:00Z',
    stamping: { by: 'test', now },
    ...more,
  };
  const say = (body: string, author = 'mia') => made.forge.comment('org', 'app', 1, author, body).id;
  const judge = async (id: number) => {
    const comment = await client.readComment(hit, id);
    return comment === null ? null : judgeComment(hit, comment, options);
  };
  return { ...made, clock, client, hit, options, say, judge };
}

const dropped = (reason: string, detail: RegExp | string = /./) => ({
  kind: 'record',
  record: { type: 'drop', reason, detail },
});
const trigger = { kind: 'record', record: { type: 'trigger' } };

t.test('L04 members may, strangers may not, whatever the case of their names', async (t) => {
  const { say, judge, forge } = await world(t, { allow: ['Max'] });
  forge.addUser('Ann');
  forge.addMember('org', 'Ann');
  forge.addUser('MAX');
  t.match(await judge(say('!testme')), trigger);
  t.match(await judge(say('!testme', 'Ann')), trigger);
  t.match(await judge(say('!testme', 'MAX')), trigger, 'on the allow list');
  t.match(await judge(say('!testme', 'eve')), dropped('not-allowed', /^eve is not a member of org/));
  t.match(await judge(say('!cancel', 'eve')), dropped('not-allowed'));
  t.match(await judge(say('!testme --qick', 'eve')), dropped('not-allowed'), 'and gets no hints');
});

t.test('L04 what is no answer is later, never a yes and never a no', async (t) => {
  const { say, judge, forge } = await world(t);
  const id = say('!testme');
  for (const fault of [{ status: 500 }, { status: 403 }, { status: 429 }, 'drop'] as const) {
    forge.misbehave({ match: { path: /members/ }, fault });
    t.match(await judge(id), { kind: 'later', message: /./ }, JSON.stringify(fault));
  }
  forge.removeMember('org', 'bot');
  t.match(await judge(id), { kind: 'later', hint: 'make the bot user a member of org' }, '303');
  forge.addMember('org', 'bot');
  t.match(await judge(id), trigger);
});

t.test('L09 creation counts, an edit never', async (t) => {
  const { say, judge, forge, clock } = await world(t);
  const id = say('hello');
  clock.ms += 1_000;
  forge.editComment(id, '!testme');
  t.match(await judge(id), dropped('history', /edited before it was read/));
  const gone = say('!testme');
  forge.deleteComment(gone);
  t.equal(await judge(gone), null, 'what was deleted before it was read never was');
});

t.test('L01 older than the enrolment is history, for strangers too', async (t) => {
  const { say, judge } = await world(t, { enrolledAt: '2026-11-23T10:00:01Z' });
  t.match(await judge(say('!testme')), dropped('history', /older than the enrolment/));
  t.match(await judge(say('!help', 'eve')), dropped('history'));
});

t.test('L01 closed, opened again, closed again, merged', async (t) => {
  const { say, judge, forge } = await world(t);
  const first = say('!testme');
  const cancel = say('!cancel');
  forge.closePull('org', 'app', 1);
  t.match(await judge(first), dropped('closed', 'the pull request is closed'));
  forge.reopenPull('org', 'app', 1);
  t.match(await judge(first), dropped('history', /opened again after the comment/));
  t.match(await judge(cancel), dropped('history'), 'a command to end what ran before');
  t.match(await judge(say('!testme')), trigger);
  forge.mergePull('org', 'app', 1);
  t.match(await judge(say('!testme')), dropped('closed', 'the pull request is merged'));
  t.match(await judge(say('!cancel')), { kind: 'record', record: { type: 'cancel' } });
});

t.test('a repository that was renamed since the search has its new name, and the same key', async (t) => {
  const { say, judge, forge, client, hit, options } = await world(t);
  const id = say('!testme');
  const comment = await client.readComment(hit, id);
  const before = await judge(id);
  forge.renameRepository('org', 'app', 'Neu');
  t.match(before, { record: { key: `git-${id}`, name: 'app' } });
  t.match(await judgeComment(hit, comment!, options), {
    record: {
      key: `git-${id}`,
      owner: 'org',
      name: 'Neu',
      recipe: 'neu',
      repo: `${forge.url}/org/Neu.git`,
      pr: { url: `${forge.url}/org/Neu/pulls/1` },
      comment: { url: `${forge.url}/org/Neu/pulls/1#issuecomment-${id}` },
    },
  });
});

t.test('L13 nobody: ourselves, migrated comments, users that are gone', async (t) => {
  const { say, judge, forge, client, hit, options } = await world(t);
  t.match(await judge(say('!testme', 'bot')), { kind: 'none' });
  const migrated = forge.comment('org', 'app', 1, 'mia', '!testme', { originalAuthor: 'ana' });
  t.match(await judge(migrated.id), { kind: 'none' });
  const comment = await client.readComment(hit, say('!testme'));
  t.match(await judgeComment(hit, { ...comment!, author: null }, options), { kind: 'none' });
});

t.test('what looks like a command is answered to who may, at the cost of one question', async (t) => {
  const { say, judge, forge } = await world(t);
  await judge(say('!testme'));
  const id = say('！testme');
  forge.clearRequests();
  t.match(await judge(id), dropped('grammar', /cannot be seen .* valid form is !testme$/));
  t.equal(forge.requests.length, 1, 'the comment itself; who we are and who mia is are known');
});

t.test('L11 unreadable timeline: not now, or moved when it never will be', async (t) => {
  const { say, judge, forge } = await world(t);
  const id = say('!testme');
  for (const [fault, expected] of [
    [{ status: 500 }, { kind: 'later' }],
    [{ status: 401 }, { kind: 'later' }],
    ['truncate', { kind: 'later' }],
    [{ status: 403 }, dropped('moved', /cannot be read; comment !testme \w{7} to test exactly this$/)],
    [{ status: 200, body: '{"a":1}' }, dropped('moved')],
  ] as const) {
    forge.misbehave({ match: { path: /timeline/ }, fault });
    t.match(await judge(id), expected, JSON.stringify(fault));
  }
});
