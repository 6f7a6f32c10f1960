import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { makeRepository } from '../../support/forge/fixture.ts';
import { enrolledAt, startHook } from './world.ts';

const kinds = (inbox: readonly { readonly record: { readonly type: string; readonly reason?: unknown } }[]) =>
  inbox.map(({ record: { type, reason } }) => (reason === undefined ? type : `${type} ${reason}`));

t.test('a new command is handed in, durable, before 200 is said', async (t) => {
  const { comment, commits, deliver, forge, inbox, said } = await startHook(t);
  const { id } = comment('!testme --quick');
  t.same(await deliver(id), { status: 200, text: `handed in: gitea-${id}` });
  t.match(inbox(), [
    {
      file: `20261123T100000Z-gitea-${id}.json`,
      record: {
        type: 'trigger',
        by: 'ccci-hook/test',
        source: 'hook',
        key: `gitea-${id}`,
        owner: 'org',
        name: 'app',
        ref: commits.head,
        pr: { number: 1, title: 'Upgrade', url: `${forge.url}/org/app/pulls/1` },
        comment: { id, author: 'mia', created: '2026-11-23T10:00:00Z' },
        options: { quick: true },
      },
    },
  ]);
  t.same(said, [`handed in gitea-${id}: trigger of org/app#1`]);
  const asked = forge.requests.map(({ path }) => path.replace(/\?.*/, '').replace('/api/v1', ''));
  t.same(
    asked,
    [
      `/repos/org/app/issues/comments/${id}`,
      '/user',
      '/repos/org/app/pulls/1',
      '/repos/org/app/issues/1/timeline',
      '/orgs/org/members/mia',
    ],
    'the cost of a command: four questions, and once who we are',
  );
  t.ok(forge.requests.every(({ user, method }) => user === 'bot' && method === 'GET'));
});

t.test('Forgejo, and servers that send no pull request', async (t) => {
  const { comment, deliver, forge, inbox } = await startHook(t);
  const { id } = comment('!testme');
  t.match(await deliver(id, { flavour: 'forgejo' }), { status: 200 });
  const bare = { flavour: 'forgejo', headers: { 'x-gitea-event': null, 'x-gitea-event-type': null } };
  t.match(await deliver(forge.payload(id, { hasPull: false }), bare), { status: 200 });
  t.same(kinds(inbox()), ['trigger']);
});

t.test('L03 a replayed delivery is harmless, at once or later', async (t) => {
  const { comment, deliver, inbox, clock, forge } = await startHook(t);
  const { id } = comment('!testme');
  const payload = forge.payload(id);
  const answers = await Promise.all([deliver(payload), deliver(payload), deliver(payload)]);
  t.same(
    answers.map(({ status }) => status),
    [200, 200, 200],
  );
  const [first] = inbox();
  clock.ms += 60_000;
  t.match(await deliver(payload), { status: 200 });
  t.same(inbox(), [first], 'one file, the first one');
});

t.test('L09 what was handed in is not undone by an edit and a replay', async (t) => {
  const { comment, deliver, forge, inbox, clock } = await startHook(t);
  const { id } = comment('!testme');
  const payload = forge.payload(id);
  await deliver(payload);
  clock.ms += 5_000;
  forge.editComment(id, 'never mind');
  t.match(await deliver(payload), { status: 200, text: 'ignored: nobody asks for anything' });
  forge.editComment(id, '!testme --quick');
  t.match(await deliver(payload), { status: 200 });
  t.match(inbox(), [{ record: { type: 'trigger', options: {} } }]);
});

t.test(
  'L09 an edit never counts: not its event, and not a comment that was edited before it was read',
  async (t) => {
    const { comment, deliver, forge, inbox, clock } = await startHook(t);
    const { id } = comment('hello');
    clock.ms += 5_000;
    forge.editComment(id, '!testme');
    const edited = await deliver(forge.payload(id, { action: 'edited', from: 'hello' }));
    t.same(edited, { status: 200, text: 'ignored: only a comment being created counts' });
    t.same(inbox(), []);
    t.match(await deliver(id), { status: 200 });
    t.match(inbox(), [{ record: { type: 'drop', reason: 'history', detail: /edited/ } }]);
  },
);

t.test('two deliveries at once, on two pull requests', async (t) => {
  const { comment, deliver, forge, inbox } = await startHook(t);
  const other = forge.openPull('org', 'app', { head: 'other', title: 'Other', author: 'mia' });
  const one = comment('!testme').id;
  const two = forge.comment('org', 'app', other, 'mia', '!testme').id;
  await Promise.all([deliver(one), deliver(two)]);
  t.match(
    inbox().map(({ record }) => record),
    [
      { key: `gitea-${one}`, pr: { number: 1 } },
      { key: `gitea-${two}`, pr: { number: other, title: 'Other' } },
    ],
  );
});

t.test('cancel, help, grammar, refusals: all as poll would say', async (t) => {
  const { say, inbox, forge } = await startHook(t);
  await say('!cancel');
  await say('!help');
  await say('!testme --qick');
  await say('!testme', 'eve');
  forge.closePull('org', 'app', 1);
  await say('!testme');
  t.same(kinds(inbox()).sort(), ['cancel', 'drop closed', 'drop grammar', 'drop help', 'drop not-allowed']);
});

t.test('L10 L13 ordinary, migrated and own comments are nothing', async (t) => {
  const { say, inbox } = await startHook(t);
  for (const [body, author, more] of [
    ["please don't !testme yet"],
    ['> !testme'],
    ['!testme', 'bot'],
    ['!testme', 'mia', { originalAuthor: 'somebody' }],
  ] as const) {
    t.match(await say(body, author, more), { status: 200, text: 'ignored: nobody asks for anything' });
  }
  t.same(inbox(), []);
});

t.test('a comment that is gone', async (t) => {
  const { comment, deliver, forge, inbox } = await startHook(t);
  const { id } = comment('!testme');
  const [created, deleted] = [forge.payload(id), forge.payload(id, { action: 'deleted' })];
  forge.deleteComment(id);
  t.same(await deliver(created), { status: 200, text: 'ignored: the comment is not there' });
  t.match(await deliver(deleted), { status: 200, text: /only a comment being created/ });
  t.same(inbox(), []);
});

t.test('a comment on an issue, and one that is said to be on a pull request', async (t) => {
  const { deliver, forge, inbox } = await startHook(t);
  const issue = forge.openIssue('org', 'app', { title: 'x', author: 'mia' });
  const { id } = forge.comment('org', 'app', issue, 'mia', '!testme');
  const ignored = { status: 200, text: 'ignored: not a comment on a pull request' };
  t.same(await deliver(id), ignored);
  t.equal(forge.requests.length, 0, 'not even looked at');
  t.same(await deliver(id, { headers: { 'x-gitea-event-type': 'pull_request_comment' } }), ignored);
  t.same(inbox(), []);
});

t.test('other events are signed, and nothing', async (t) => {
  const { comment, deliver, inbox, forge } = await startHook(t);
  const { id } = comment('!testme');
  for (const [event, type] of [
    ['push', 'push'],
    ['issue_comment', 'issue_comment'],
    ['pull_request_comment', 'pull_request_review_comment'],
    ['pull_request_comment', 'pull_request_comment'],
    ['issue_comment', null],
    [null, null],
  ] as const) {
    const headers = { 'x-gitea-event': event, 'x-gitea-event-type': type };
    t.match(await deliver(id, { headers }), { status: 200, text: /^ignored/ }, `${event} ${type}`);
  }
  t.match(await deliver('{"repository":{"full_name":"org/app"},"ref":"refs/heads/main"}'), { status: 200 });
  t.same(inbox(), []);
  t.equal(forge.requests.length, 0);
});

t.test('a payload that lies about author, number, text and title', async (t) => {
  const { comment, deliver, forge, inbox } = await startHook(t);
  const other = forge.openPull('org', 'app', { head: 'other', title: 'Other', author: 'mia' });
  const lie = (id: number, change: (payload: Lie) => void) => {
    const payload = JSON.parse(forge.payload(id)) as Lie;
    change(payload);
    return JSON.stringify(payload);
  };
  const stranger = comment('!testme', 'eve');
  await deliver(lie(stranger.id, ({ comment }) => (comment.user.login = 'mia')));
  t.match(inbox().at(-1), { record: { reason: 'not-allowed', comment: { author: 'eve' } } });

  const real = comment('!testme');
  await deliver(
    lie(real.id, (payload) => {
      payload.issue.number = other;
      payload.issue.title = 'a lie';
      payload.pull_request = { number: other, head: { sha: 'f'.repeat(40) } };
      payload.comment.pull_request_url = `${forge.url}/org/app/pulls/${other}`;
      payload.comment.body = 'nothing';
      payload.comment.created_at = '2020-01-01T00:00:00Z';
    }),
  );
  t.match(inbox().at(-1), { record: { type: 'trigger', pr: { number: 1, title: 'Upgrade' } } });

  const harmless = comment('hello');
  t.match(await deliver(lie(harmless.id, ({ comment }) => (comment.body = '!testme'))), {
    text: 'ignored: nobody asks for anything',
  });
  t.equal(inbox().length, 2);
});

type Lie = {
  issue: { number: number; title: string };
  pull_request: object;
  comment: { user: { login: string }; body: string; pull_request_url: string; created_at: string };
};

t.test('a comment of another repository is not there', async (t) => {
  const { dir, deliver, forge, inbox } = await startHook(t);
  makeRepository(`${dir}/tool.git`);
  forge.addRepository('org', 'tool', 'tool.git');
  const number = forge.openPull('org', 'tool', { head: 'feature', title: 'Tool', author: 'mia' });
  const { id } = forge.comment('org', 'tool', number, 'mia', '!testme');
  const foreign = forge.payload(id).replaceAll('org/tool', 'org/app');
  t.same(await deliver(foreign), { status: 200, text: 'ignored: the comment is not there' });
  t.same(inbox(), []);
  t.match(await deliver(id), { status: 200, text: /^handed in/ });
  t.match(inbox(), [{ record: { name: 'tool' } }]);
});

t.test('a renamed repository has its new name, whatever the payload says', async (t) => {
  const { comment, deliver, forge, inbox } = await startHook(t);
  const payload = forge.payload(comment('!testme').id);
  forge.renameRepository('org', 'app', 'App2');
  t.match(await deliver(payload.replaceAll('org/app', 'ORG/App')), { status: 200, text: /^handed in/ });
  t.match(inbox(), [{ record: { owner: 'org', name: 'App2', repo: `${forge.url}/org/App2.git` } }]);
});

t.test('a repository that moved to another owner is enrolled where it is now, or nowhere', async (t) => {
  const { comment, deliver, forge, inbox } = await startHook(t, {
    forges: (gitea) => ({ gitea: { ...gitea, organisations: ['org', 'second'] } }),
    enrolled: { 'gitea/org': enrolledAt, 'gitea/second': '2026-11-23T11:00:00Z' },
  });
  const payload = forge.payload(comment('!testme').id);
  const other = forge.payload(comment('!testme').id);
  forge.addOrganisation('second', ['mia', 'bot']);
  forge.renameRepository('org', 'app', 'app', 'second');
  await deliver(payload);
  t.match(inbox(), [{ record: { reason: 'history', detail: /2026-11-23T11:00:00Z/, owner: 'second' } }]);
  forge.renameRepository('second', 'app', 'app', 'eve');
  await deliver(other);
  t.match(inbox()[1], { record: { reason: 'not-enrolled', owner: 'eve', name: 'app' } });
});

t.test('L05 a command where nothing is enrolled is a record, and no more', async (t) => {
  const { dir, deliver, forge, inbox, clock } = await startHook(t, {
    forges: (gitea) => ({ gitea: { ...gitea, organisations: [], repositories: ['org/other'] } }),
  });
  makeRepository(`${dir}/tool.git`);
  forge.addRepository('org', 'tool', 'tool.git');
  const number = forge.openPull('org', 'tool', { head: 'feature', title: 'Tool', author: 'mia' });
  const say = (body: string, author: string, more: object = {}) =>
    deliver(forge.comment('org', 'tool', number, author, body, more).id);
  t.match(await say('!testme', 'eve'), { status: 200, text: /^handed in/ });
  t.match(inbox(), [
    { record: { type: 'drop', reason: 'not-enrolled', detail: 'org/tool is not enrolled', pr: { number } } },
  ]);
  const ignored = { status: 200, text: 'ignored: org/tool is not enrolled' };
  t.same(await say('hello', 'eve'), ignored);
  t.same(await say('!testme', 'bot'), ignored);
  t.same(await say('!testme', 'mia', { originalAuthor: 'x' }), ignored);
  const edited = forge.comment('org', 'tool', number, 'mia', 'x');
  clock.ms += 5_000;
  forge.editComment(edited.id, '!testme');
  t.same(await deliver(edited.id), ignored);
  t.equal(inbox().length, 1);
});

t.test('L01 older than the enrolment is history; without a time nothing is judged', async (t) => {
  const { comment, deliver, inbox, said, state } = await startHook(t, { enrolled: {} });
  const { id } = comment('!testme');
  t.match(await deliver(id), { status: 503, text: /^later/ });
  await deliver(id);
  t.same(inbox(), []);
  t.match(said, [/^gitea\/org has no time of enrolment yet, .* let ccci-poll and ccci-dedupe run/]);
  t.equal(said.length, 1, 'said once');
  const path = join(state, 'enrolled.json');
  writeFileSync(path, JSON.stringify({ 'gitea/org': '2026-11-23T10:00:01Z' }));
  t.match(await deliver(id), { status: 200 });
  t.match(inbox(), [{ record: { reason: 'history', detail: /older than the enrolment/ } }]);
  t.notMatch(readFileSync(path, 'utf8'), /10:00:00/, 'the hook enrols nobody');
});

t.test('L01 a pull request that was opened again makes older comments history', async (t) => {
  const { comment, deliver, forge, inbox } = await startHook(t);
  const { id } = comment('!testme');
  forge.closePull('org', 'app', 1);
  forge.reopenPull('org', 'app', 1);
  await deliver(id);
  t.same(kinds(inbox()), ['drop history']);
});

t.test('L04 a membership that cannot be told is left to the poll', async (t) => {
  const { comment, deliver, forge, inbox, said } = await startHook(t);
  const { id } = comment('!testme');
  forge.removeMember('org', 'bot');
  t.match(await deliver(id), { status: 503 });
  await deliver(id);
  t.same(inbox(), []);
  t.same(said, [
    'the members of org are hidden from the bot user, so nobody can be told to be allowed make the bot user a member of org',
  ]);
  forge.addMember('org', 'bot');
  t.match(await deliver(id), { status: 200, text: /^handed in/ });
  t.match(said.slice(1), ['forge gitea answers again', /^handed in/]);
});

t.test('L02 the forge is away: 503, said once; then it is back', async (t) => {
  const { comment, deliver, forge, inbox, said } = await startHook(t);
  const { id } = comment('!testme');
  const payload = forge.payload(id);
  for (const path of [/issues\/comments/, /api\/v1\/user/, /pulls\/1/, /timeline/, /members/]) {
    for (const fault of ['drop', 'truncate', { status: 502 }, { status: 200, body: 'no json' }] as const) {
      const rule = forge.misbehave({ match: { path }, times: 99, fault });
      t.match(await deliver(payload), { status: 503 }, `${path} ${JSON.stringify(fault)}`);
      rule.stop();
    }
  }
  t.equal((await deliver(payload)).status, 200);
  t.equal(inbox().length, 1);
  t.equal(said.at(-1), `handed in gitea-${id}: trigger of org/app#1`);
});

/** A second server, which is the same one under another name. */
const underAnotherName = (url: string) => url.replace('127.0.0.1', 'localhost');

t.test('two forges with one secret: where the repository is enrolled, and all of those', async (t) => {
  const { comment, deliver, inbox } = await startHook(t, {
    forges: (gitea) => ({
      elsewhere: { ...gitea, organisations: [], repositories: ['other/none'] },
      twin: { ...gitea, url: underAnotherName(gitea.url), repositories: ['org/app'] },
      gitea,
    }),
    enrolled: Object.fromEntries(['gitea', 'twin'].map((name) => [`${name}/org`, enrolledAt])),
  });
  const { id } = comment('!testme');
  t.match(await deliver(id), { status: 200, text: /^handed in/ });
  t.same(
    inbox().map(({ file, record }) => `${file.slice('20261123T100000Z-'.length)} ${record.type}`),
    [`gitea-${id}.json trigger`, `twin-${id}.json trigger`],
  );
});

t.test('two forges with a secret each: only the one whose secret signed', async (t) => {
  const { comment, deliver, inbox } = await startHook(t, {
    forges: (gitea, file) => ({
      own: { ...gitea, url: underAnotherName(gitea.url), hookSecretFile: file('another secret') },
      gitea,
    }),
    enrolled: Object.fromEntries(['gitea', 'own'].map((name) => [`${name}/org`, enrolledAt])),
  });
  const { id } = comment('!testme');
  t.match(await deliver(id, { secret: 'another secret' }), { status: 200, text: `handed in: own-${id}` });
  t.equal(inbox().length, 1);
  t.match(await deliver(id), { status: 200, text: `handed in: gitea-${id}` });
  t.equal(inbox().length, 2);
});
