import t from 'tap';
import { startWorld } from './fixture.ts';

const start = Date.UTC(2026, 10, 23, 10, 0, 0);
const iso = (seconds: number) => new Date(start + seconds * 1000).toISOString();

/** A world whose clock stands still until the test moves it, in seconds from the start. */
async function clocked(dir: string) {
  let at = 0;
  const world = await startWorld(dir, { now: () => start + at * 1000 });
  const list = '/repos/org/app/issues/1/comments';
  const bodies = async (query: string) => (await world.ask(list + query)).body.map((one: Body) => one.body);
  const go = (seconds: number) => {
    at = seconds;
  };
  return { ...world, list, bodies, go };
}

type Body = { readonly body: string };

t.test('since looks at the update, in whole seconds, both ends inclusive', async (t) => {
  const { forge, go, bodies } = await clocked(t.testdir());
  t.teardown(forge.close);
  go(10);
  const old = forge.comment('org', 'app', 1, 'mia', 'old');
  go(20.9);
  forge.comment('org', 'app', 1, 'mia', 'new');
  t.same(await bodies(`?since=${iso(20.5)}`), ['new'], 'fractions are cut off');
  t.same(await bodies(`?since=${iso(21)}`), []);
  t.same(await bodies(`?before=${iso(10)}`), ['old']);
  go(30);
  forge.editComment(old.id, 'edited');
  t.same(await bodies(`?since=${iso(21)}`), ['edited'], 'an edit of an old comment brings it back');
  t.same(await bodies(''), ['edited', 'new'], 'the order stays that of creation');
  t.same(await bodies('?limit=1&page=2'), ['edited', 'new'], 'comments of an issue are never cut into pages');
  t.same(forge.problems, []);
});

t.test('a comment updates the issue, an edit or a reaction does not', async (t) => {
  const { ask, forge, go, list } = await clocked(t.testdir());
  t.teardown(forge.close);
  const updated = async () => (await ask('/repos/org/app/issues/1')).body.updated_at;
  go(10);
  const { body, status } = await ask(list, { method: 'POST', body: { body: 'from the bot' } });
  t.equal(status, 201);
  t.equal(body.pull_request_url, `${forge.url}/org/app/pulls/1`);
  t.equal(body.issue_url, '');
  t.match(body.html_url, /\/org\/app\/pulls\/1#issuecomment-1$/);
  t.equal(await updated(), '2026-11-23T10:00:10Z');
  go(20);
  const one = `/repos/org/app/issues/comments/${body.id}`;
  t.equal((await ask(one, { method: 'PATCH', body: { body: 'other' } })).status, 200);
  await ask(`${one}/reactions`, { method: 'POST', body: { content: 'eyes' } });
  t.equal((await ask(one)).body.updated_at, '2026-11-23T10:00:20Z');
  t.equal(await updated(), '2026-11-23T10:00:10Z');
  t.same(forge.problems, []);
});

t.test('all comments of a repository: everything without page, pages with it, no Link', async (t) => {
  const { ask, forge } = await clocked(t.testdir());
  t.teardown(forge.close);
  for (let count = 0; count < 55; count += 1) forge.comment('org', 'app', 1, 'mia', `${count}`);
  const list = '/repos/org/app/issues/comments';
  t.equal((await ask(`${list}?limit=5`)).body.length, 55, 'limit alone is ignored');
  const page = await ask(`${list}?page=2&limit=99`);
  t.same(
    page.body.map((one: Body) => one.body),
    ['50', '51', '52', '53', '54'],
    'the limit is clamped to 50',
  );
  t.equal(page.headers.get('x-total-count'), '55');
  t.equal(page.headers.get('link'), null);
  t.same(forge.problems, []);
});

t.test('what is refused', async (t) => {
  const { ask, forge, list, eve } = await clocked(t.testdir());
  t.teardown(forge.close);
  const { id } = forge.comment('org', 'app', 1, 'mia', 'hers');
  const one = `/repos/org/app/issues/comments/${id}`;
  const stranger = eve.token(['all']);
  const patch = { method: 'PATCH', body: { body: 'mine' }, token: stranger };
  const empty = await ask(list, { method: 'POST', body: { body: '' } });
  t.equal(empty.status, 422);
  t.strictSame(empty.body, { message: '[Body]: Required', url: `${forge.url}/api/swagger` });
  t.equal((await ask(list, { method: 'POST' })).status, 422, 'no content type');
  t.equal((await ask(`${list}?since=yesterday`)).status, 422);
  t.equal((await ask('/repos/org/app/issues/99/comments')).status, 500, 'an unknown number is 500');
  t.equal((await ask('/repos/org/app/issues/99/comments')).body.message, '');
  t.equal((await ask('/repos/org/app/issues/99')).status, 404);
  t.equal((await ask('/repos/org/app/issues/comments/99')).status, 404);
  t.equal((await ask(one, patch)).status, 403);
  t.equal((await ask(one, { method: 'DELETE', token: stranger })).status, 403);
  forge.lockPull('org', 'app', 1);
  t.equal((await ask(list, { method: 'POST', body: { body: 'x' }, token: stranger })).status, 403);
  t.equal((await ask(list, { method: 'POST', body: { body: 'x' } })).status, 201, 'who may write may');
  forge.archiveRepository('org', 'app');
  t.equal((await ask(list, { method: 'POST', body: { body: 'x' } })).status, 423);
  t.same(forge.problems, []);
});

t.test('a deleted comment leaves no trace, a migrated one names its author', async (t) => {
  const { ask, forge, bodies } = await clocked(t.testdir());
  t.teardown(forge.close);
  const { id } = forge.comment('org', 'app', 1, 'mia', 'gone');
  t.equal((await ask(`/repos/org/app/issues/comments/${id}`, { method: 'DELETE' })).status, 204);
  t.same(await bodies(''), []);
  const past = new Date(start - 86_400_000);
  forge.comment('org', 'app', 1, 'mia', 'old', { createdAt: past, originalAuthor: 'somebody' });
  const [old] = (await ask('/repos/org/app/issues/1/comments')).body;
  t.equal(old.original_author, 'somebody');
  t.not(old.original_author_id, 0);
  t.equal(old.created_at, '2026-11-22T10:00:00Z');
  t.same(forge.problems, []);
});

t.test('reactions: 201, 200 again, 403 for unknown ones, null when there is none', async (t) => {
  const { ask, forge } = await clocked(t.testdir());
  t.teardown(forge.close);
  const { id } = forge.comment('org', 'app', 1, 'mia', 'x');
  const path = `/repos/org/app/issues/comments/${id}/reactions`;
  const eyes = { body: { content: 'eyes' } };
  t.equal((await ask(path)).text, 'null\n');
  t.equal((await ask(path, { method: 'POST', ...eyes })).status, 201);
  t.equal((await ask(path, { method: 'POST', ...eyes })).status, 200);
  t.equal((await ask(path, { method: 'POST', body: { content: 'shrug' } })).status, 403);
  t.same(forge.reactions(id), [{ user: 'bot', content: 'eyes' }]);
  const removed = await ask(path, { method: 'DELETE', ...eyes });
  t.equal(removed.status, 200);
  t.equal(removed.text, '');
  t.same(forge.reactions(id), []);
  t.same(forge.problems, []);
});
