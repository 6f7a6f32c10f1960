import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isForgeError } from '@ccci/lib/forge/forge-error.ts';
import { connectForge } from '@ccci/lib/forge/gitea.ts';
import t, { type Test } from 'tap';
import { startWorld } from '../../support/forge/fixture.ts';

const app = { owner: 'org', name: 'app' };

async function connected(t: Test) {
  const world = await startWorld(t.testdir(), { utcOffsetMinutes: -90 });
  t.teardown(() => world.forge.close());
  const stopping = new AbortController();
  const clock = { ms: 0 };
  const connect = (more: object = {}) =>
    connectForge({
      name: 'gitea',
      url: `${world.forge.url}/`,
      token: world.token,
      requestMs: 60_000,
      signal: stopping.signal,
      retryMs: 1,
      now: () => new Date(clock.ms),
      ...more,
    });
  return { ...world, stopping, clock, connect, client: connect() };
}

t.test('comments and reactions, there and back', async (t) => {
  const { client, forge, bot } = await connected(t);
  t.equal(client.url, forge.url);
  const { id, author } = await client.createComment(app, 1, 'one');
  t.same(author, { id: bot.id, login: 'bot' });
  t.match(await client.editComment(app, id, 'two'), { id, body: 'two' });
  await client.addReaction(app, id, 'eyes');
  await client.addReaction(app, id, 'eyes');
  t.same(forge.reactions(id), [{ user: 'bot', content: 'eyes' }]);
  t.match(await client.listComments(app, 1), [{ id, body: 'two' }]);
  t.match(await client.readComment(app, id), { id });
  await client.deleteComment(app, id);
  await client.deleteComment(app, id);
  t.equal(await client.readComment(app, id), null);
  t.equal(await client.editComment(app, id, 'three'), null);
  t.equal(client.calls, 10);
  t.same(forge.problems, []);
});

t.test('L06 statuses: newest first, whatever the pages', async (t) => {
  const { client, commits, forge } = await connected(t);
  for (let at = 1; at <= 60; at += 1) {
    const state = at === 60 ? 'success' : 'pending';
    await client.createStatus(app, commits.head, {
      state,
      context: 'ccci/testme',
      description: `${at}`,
      targetUrl: 'https://x.example',
    });
  }
  const statuses = await client.listStatuses(app, commits.head);
  t.same(
    statuses.map(({ id }) => id),
    Array.from({ length: 60 }, (_, at) => 60 - at),
  );
  t.match(statuses[0], {
    state: 'success',
    context: 'ccci/testme',
    targetUrl: 'https://x.example',
    creator: { login: 'bot' },
  });
  t.same(forge.problems, []);
});

t.test('pull request and timeline', async (t) => {
  const { client, commits, forge } = await connected(t);
  forge.push('org', 'app', 1, commits.next);
  t.match(await client.pull(app, 1), {
    isOpen: true,
    isForeign: false,
    head: { sha: commits.next },
    base: { sha: commits.base },
  });
  t.equal(await client.pull(app, 99), null);
  t.match(await client.timeline(app, 1, { since: '2026-01-01T00:00:00Z' }), [{ type: 'pull_push' }]);
  t.same(await client.timeline(app, 1, { since: '2100-01-01T00:00:00Z' }), [], 'a nil slice of Go');
});

t.test('L04 membership: 204, 404, 303, and anything else is later', async (t) => {
  const { client, forge } = await connected(t);
  t.equal(await client.membership('org', 'mia'), 'yes');
  t.equal(await client.membership('org', 'eve'), 'no');
  t.equal(await client.membership('org', 'nobody'), 'no');
  for (const fault of [
    ...[500, 502, 401, 403, 422].map((status) => ({ status })),
    { status: 200, body: '{}' },
    { redirect: '/api/v1/user' },
    { redirect: '/login', redirectStatus: 302 },
    { redirect: '/api/v1/orgs/org/members/bot', redirectStatus: 307 },
  ]) {
    const rule = forge.misbehave({ match: { path: /members/ }, times: 9, fault });
    t.not(await client.membership('org', 'bot'), 'yes', JSON.stringify(fault));
    t.not(await client.membership('org', 'bot'), 'no', JSON.stringify(fault));
    rule.stop();
  }
  forge.removeMember('org', 'bot');
  t.equal(await client.membership('org', 'public'), 'no');
  t.equal(await client.membership('ORG', 'bot'), 'no', 'about itself');
});

t.test('L04 a forge that is away is said so, with how long to wait', async (t) => {
  const { client, forge } = await connected(t);
  for (const fault of ['drop', { status: 429, headers: { 'retry-after': '7' } }] as const) {
    const rule = forge.misbehave({ times: 9, fault });
    const error = await client.membership('org', 'mia').catch((thrown) => thrown);
    t.match(error, { code: /^forge-/, retryAfterMs: fault === 'drop' ? null : 7_000 });
    rule.stop();
  }
});

t.test('L04 a renamed user is followed, to the public members nobody is', async (t) => {
  const { client, forge } = await connected(t);
  const to = (path: string, redirectStatus: number) =>
    forge.misbehave({ fault: { redirect: `/api/v1/orgs/org/${path}`, redirectStatus } });
  to('members/mia', 307);
  t.equal(await client.membership('org', 'mia-of-old'), 'yes');
  to('members/eve', 301);
  t.equal(await client.membership('org', 'eve-of-old'), 'no');
  for (const status of [301, 302, 307, 308]) {
    to('public_members/mia', status);
    t.equal(await client.membership('org', 'pia'), 'hidden', `${status}`);
  }
});

t.test('303 is never followed to the public members', async (t) => {
  const { client, forge } = await connected(t);
  forge.addUser('pia');
  forge.addOrganisation('other', [], { publicMembers: ['pia'] });
  t.equal(await client.membership('other', 'pia'), 'hidden');
  t.notOk(forge.requests.some(({ path }) => path.includes('public_members')));
});

t.test('a yes and a no are believed for a minute, a later is not', async (t) => {
  const { client, clock, forge } = await connected(t);
  await client.membership('org', 'mia');
  await client.membership('Org', 'MIA');
  t.equal(client.calls, 1);
  forge.removeMember('org', 'mia');
  clock.ms += 59_999;
  t.equal(await client.membership('org', 'mia'), 'yes');
  clock.ms += 1;
  t.equal(await client.membership('org', 'mia'), 'no');
});

t.test('a GET is repeated after a passing failure, a write never', async (t) => {
  const { client, forge } = await connected(t);
  for (const fault of [{ status: 502 }, 'drop', 'truncate'] as const) {
    forge.misbehave({ times: 2, fault });
    t.same(await client.listComments(app, 1), []);
  }
  forge.misbehave({ fault: 'dropAfter' });
  await t.rejects(client.createComment(app, 1, 'one'), { code: 'forge-unreachable', method: 'POST' });
  t.equal(forge.comments('org', 'app', 1).length, 1);
});

t.test('after a rename a write is a write still', async (t) => {
  const { client, forge } = await connected(t);
  forge.renameRepository('org', 'app', 'new');
  await client.createComment(app, 1, 'one');
  t.equal(forge.comments('org', 'new', 1).length, 1);
});

t.test('a redirect that goes round in circles ends', async (t) => {
  const { client, forge } = await connected(t);
  forge.misbehave({ times: 99, fault: { redirect: '/api/v1/user' } });
  await t.rejects(client.whoAmI(), { code: 'forge-redirected' });
  t.equal(client.calls, 4);
});

t.test('errors say what failed, on what, and what to do', async (t) => {
  const { client, connect, forge } = await connected(t);
  await t.rejects(connect({ token: 'wrong' }).whoAmI(), {
    status: 69,
    code: 'forge-refused',
    httpStatus: 401,
    message: /^GET \/user at forge gitea was answered with 401/,
    hint: /token files of forges\.gitea/,
  });
  forge.misbehave({ fault: { status: 403, body: { message: 'token lacks scope' } } });
  const scope = await client.whoAmI().catch((error) => error);
  const [, section = 'no section'] = /README\.md, (\w+)/.exec(scope.hint) ?? [];
  t.match(
    readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8'),
    `## ${section}`,
    'the hint names a section that is there',
  );
  forge.misbehave({ times: 9, fault: { status: 503, headers: { 'retry-after': '7' } } });
  const busy = await client.whoAmI().catch((error) => error);
  t.ok(isForgeError(busy));
  t.match(busy, { code: 'forge-busy', retryAfterMs: 7_000, path: '/user' });
  t.equal(isForgeError(new Error('x')), false);
});

t.test('L13 who we are is asked once', async (t) => {
  const { client, bot } = await connected(t);
  t.same(await client.whoAmI(), { id: bot.id, login: 'bot' });
  await client.whoAmI();
  t.equal(client.calls, 1);
});

t.test('a stop ends a request at once', async (t) => {
  const { client, forge, stopping } = await connected(t);
  forge.misbehave({ fault: 'hang' });
  const asking = client.whoAmI();
  asking.catch(() => {});
  await forge.waitFor(() => forge.requests.length > 0, { what: 'the request' });
  stopping.abort(new Error('SIGTERM'));
  await t.rejects(asking);
  await t.rejects(client.listComments(app, 1));
  t.equal(forge.requests.length, 1);
});
