import t from 'tap';
import { makeRepository, startWorld } from './fixture.ts';

const start = Date.UTC(2026, 10, 23, 10, 0, 0);
const url = '/repos/issues/search?type=pulls&state=all&owner=org';
type Hit = { readonly number: number };

t.test('sorted by creation, filtered by update', async (t) => {
  let at = 0;
  const dir = t.testdir();
  const { forge, ask } = await startWorld(dir, { now: () => start + at * 1000 });
  t.teardown(forge.close);
  const open = (title: string) =>
    forge.openPull('org', 'app', { head: 'next', title, author: 'mia', createdAt: new Date(start + 5000) });
  const [two, three] = [open('two'), open('three')];
  const numbers = async (query: string) => (await ask(url + query)).body.map((hit: Hit) => hit.number);
  t.same(await numbers(''), [three, two, 1], 'newest first, by id within one second');
  at = 60;
  forge.comment('org', 'app', 1, 'mia', 'x');
  t.same(await numbers('&since=2026-11-23T10:01:00Z'), [1]);
  t.same(await numbers('&since=2026-11-23T10:01:01Z'), []);
  t.same(await numbers('&since=2026-11-23T11:01:00%2B01:00'), [1]);
  t.same(await numbers(''), [three, two, 1], 'an update does not change the order');
  forge.closePull('org', 'app', two);
  t.same(await numbers('&state=open'), [three, two, 1], 'the first state in a query counts');
  const open3 = await ask('/repos/issues/search?type=pulls&owner=org');
  t.same(
    open3.body.map((hit: Hit) => hit.number),
    [three, 1],
    'open unless told',
  );
  t.same(
    (await ask('/repos/org/app/issues?state=closed&type=pulls')).body.map((hit: Hit) => hit.number),
    [two],
  );
  t.equal((await ask('/repos/issues/search?owner=nobody')).status, 400);
  t.same((await ask('/repos/issues/search?owner=eve&state=all')).body, []);
  t.same((await ask('/repos/issues/search?type=issues&state=all')).body, []);
  t.same(forge.problems, []);
});

t.test('pages: 20 unless told, at most 50, with count and links', async (t) => {
  const { forge, ask } = await startWorld(t.testdir());
  t.teardown(forge.close);
  for (let number = 2; number <= 55; number += 1)
    forge.openIssue('org', 'app', { title: 'x', author: 'mia' });
  const all = '/repos/issues/search?state=all';
  const first = await ask(all);
  t.equal(first.body.length, 20);
  t.equal(first.headers.get('x-total-count'), '55');
  t.match(
    first.headers.get('link'),
    /search\?page=2&state=all>; rel="next",<.*page=3&state=all>; rel="last"$/,
  );
  t.equal((await ask(`${all}&limit=500`)).body.length, 50);
  const second = await ask(`${all}&limit=50&page=2`);
  t.equal(second.body.length, 5);
  t.match(second.headers.get('link'), /page=1&state=all>; rel="first",<.*page=1&state=all>; rel="prev"$/);
  t.equal((await ask('/repos/org/app/issues')).body.length, 30, 'one repository: 30, also without page');
});

t.test('private repositories are not there for strangers, and renamed ones move', async (t) => {
  const dir = t.testdir();
  const { forge, ask, eve, token } = await startWorld(dir);
  t.teardown(forge.close);
  makeRepository(`${dir}/hidden.git`);
  forge.addRepository('org', 'hidden', 'hidden.git', { private: true });
  forge.openPull('org', 'hidden', { head: 'feature', title: 'x', author: 'mia' });
  const stranger = eve.token(['all']);
  t.equal((await ask(url)).body.length, 2);
  t.equal((await ask(url, { token: stranger })).body.length, 1);
  t.equal((await ask('/repos/org/hidden', { token: stranger })).status, 404);
  t.equal((await ask('/orgs/org/repos', { token: stranger })).body.length, 1);
  forge.renameRepository('org', 'app', 'App2');
  const moved = await ask('/repos/org/app/issues/1/comments', { method: 'POST', body: { body: 'x' } });
  t.equal(moved.status, 301);
  t.equal(moved.headers.get('location'), '/api/v1/repos/org/App2/issues/1/comments');
  const followed = await fetch(`${forge.url}/api/v1/repos/org/app/issues/1/comments`, {
    method: 'POST',
    headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
    body: '{"body":"lost"}',
  });
  t.equal(followed.status, 200, 'a client that follows turns POST into GET');
  t.same(forge.comments('org', 'App2', 1), []);
});
