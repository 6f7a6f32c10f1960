import t from 'tap';
import { startWorld } from './fixture.ts';

t.test('tokens and scopes', async (t) => {
  const { forge, ask, bot } = await startWorld(t.testdir());
  t.teardown(forge.close);
  const comments = '/repos/org/app/issues/1/comments';
  const post = { method: 'POST', body: { body: 'x' } };
  t.equal((await ask('/version', { token: null })).status, 200);
  t.equal((await ask('/repos/org/app', { token: null })).status, 200, 'public things need no token');
  const anonymous = await ask(comments, { ...post, token: null });
  t.equal(anonymous.status, 401);
  t.strictSame(anonymous.body, { message: 'token is required', url: `${forge.url}/api/swagger` });
  t.equal((await ask('/user', { token: null })).status, 401);
  t.equal((await ask('/version', { token: 'f00' })).status, 401, 'a wrong token is refused everywhere');
  const reader = bot.token(['read:issue', 'read:repository']);
  t.equal((await ask(comments, { token: reader })).status, 200);
  const refused = await ask(comments, { ...post, token: reader });
  t.equal(refused.status, 403);
  t.equal(
    refused.body.message,
    'token does not have at least one of required scope(s), required=[write:issue], token scope=read:issue,read:repository',
  );
  t.equal((await ask('/orgs/org/members/mia', { token: reader })).status, 403);
  t.equal((await ask('/user', { token: reader })).status, 403);
  t.equal((await ask('/repos/org/app/pulls/1', { token: bot.token(['read:issue']) })).status, 403);
  t.equal((await ask(comments, { token: bot.token(['write:issue']) })).status, 200, 'write implies read');
  t.equal((await ask('/nothing')).status, 404);
  const missing = await ask('/repos/org/nothing');
  t.same(missing.body.errors, null);
  t.equal(missing.status, 404);
  t.same(
    forge.requests.slice(-2).map(({ method, path, user, status }) => ({ method, path, user, status })),
    [
      { method: 'GET', path: '/api/v1/nothing', user: 'bot', status: 404 },
      { method: 'GET', path: '/api/v1/repos/org/nothing', user: 'bot', status: 404 },
    ],
  );
});

t.test('members: 204, 404, and 303 for those who are not members themselves', async (t) => {
  const { forge, ask, eve, token } = await startWorld(t.testdir());
  t.teardown(forge.close);
  const stranger = eve.token(['read:organization']);
  const admin = forge.addUser('root', { admin: true }).token(['all']);
  const status = async (user: string, asker: string | null) =>
    (await ask(`/orgs/org/members/${user}`, { token: asker })).status;
  t.equal(await status('mia', token), 204);
  t.equal(await status('MIA', token), 204, 'names have no case');
  t.equal(await status('eve', token), 404);
  t.equal(await status('nobody', token), 404);
  t.equal(await status('mia', admin), 204);
  t.equal(await status('eve', admin), 404);
  t.equal(await status('mia', null), 401);
  t.equal(await status('eve', stranger), 404, 'a stranger about herself');
  const other = await ask('/orgs/org/members/mia', { token: stranger });
  t.equal(other.status, 303);
  t.equal(other.headers.get('location'), '/api/v1/orgs/org/public_members/mia');
  t.equal((await ask('/orgs/org/public_members/mia', { token: null })).status, 404);
  forge.removeMember('org', 'mia');
  t.equal(await status('mia', token), 404);
  forge.removeMember('org', 'bot');
  t.equal(await status('mia', token), 303, 'the bot has left');
});

t.test('a public member is seen by everybody; a reading member may not post statuses', async (t) => {
  const { forge, ask, commits, token } = await startWorld(t.testdir());
  t.teardown(forge.close);
  forge.addOrganisation('open', ['bot'], { permission: 'read', publicMembers: ['mia'] });
  t.equal((await ask('/orgs/open/public_members/mia', { token: null })).status, 204);
  t.equal((await ask('/orgs/open/members/mia')).status, 204);
  forge.addRepository('open', 'app', 'app.git');
  const post = { method: 'POST', body: { state: 'success' }, token };
  t.equal((await ask(`/repos/open/app/statuses/${commits.head}`, post)).status, 403);
});
