import t from 'tap';
import { startWorld } from './fixture.ts';

const comments = '/repos/org/app/issues/1/comments';
const post = { method: 'POST', body: { body: 'x' } };

t.test('the n-th request that matches, so many times', async (t) => {
  const { forge, ask } = await startWorld(t.testdir());
  t.teardown(forge.close);
  const match = { method: 'GET', path: /issues\/1$/ };
  const headers = { 'retry-after': '7' };
  const rule = forge.misbehave({ match, nth: 2, times: 2, fault: { status: 503, body: 'busy', headers } });
  const status = async () => (await ask('/repos/org/app/issues/1')).status;
  t.equal(await status(), 200);
  t.equal((await ask('/version')).status, 200, 'others do not count');
  const busy = await ask('/repos/org/app/issues/1');
  t.equal(busy.status, 503);
  t.equal(busy.text, 'busy');
  t.equal(busy.headers.get('retry-after'), '7');
  t.equal(await status(), 503);
  t.equal(await status(), 200);
  t.equal(rule.count(), 2);
  const endless = forge.misbehave({ times: Number.POSITIVE_INFINITY, fault: { redirect: '/elsewhere' } });
  t.equal((await ask('/version')).headers.get('location'), '/elsewhere');
  endless.stop();
  t.equal((await ask('/version')).status, 200);
  t.same(forge.problems, []);
});

t.test('drop does nothing, dropAfter has done the work', async (t) => {
  const { forge, ask } = await startWorld(t.testdir());
  t.teardown(forge.close);
  forge.misbehave({ fault: 'drop' });
  await t.rejects(ask(comments, post));
  t.equal(forge.comments('org', 'app', 1).length, 0);
  forge.misbehave({ fault: 'dropAfter' });
  await t.rejects(ask(comments, post));
  t.equal(forge.comments('org', 'app', 1).length, 1);
  await forge.waitFor(() => forge.requests.every(({ status }) => status === 0), {
    what: 'both noted as dropped',
  });
});

t.test('half an answer, a late one, and none', async (t) => {
  const { forge, ask } = await startWorld(t.testdir());
  forge.misbehave({ fault: 'truncate' });
  await t.rejects(ask('/repos/org/app'));
  forge.misbehave({ fault: { delayMs: 60 } });
  const before = performance.now();
  t.equal((await ask('/version')).status, 200);
  t.ok(performance.now() - before >= 55);
  forge.misbehave({ match: { path: /version/ }, fault: 'hang' });
  const never = t.rejects(ask('/version'));
  await forge.waitFor(() => forge.requests.length === 3, { what: 'the third request' });
  await forge.close();
  await never;
  await t.rejects(ask('/version'), 'it is closed');
});

t.test('waiting is woken by changes, and says what it waited for', async (t) => {
  const { forge, ask } = await startWorld(t.testdir());
  t.teardown(forge.close);
  const seen: string[] = [];
  forge.events.on('comment', ({ entry }) => seen.push(entry.body));
  const waiting = forge.waitFor(() => forge.comments('org', 'app', 1)[0], { what: 'a comment' });
  await ask(comments, post);
  t.match(await waiting, { user: 'bot', body: 'x' });
  t.same(seen, ['x']);
  const inVain = forge.waitFor(() => false, { timeoutMs: 5, what: 'the end of the world' });
  await t.rejects(inVain, { message: 'waited 5 ms for the end of the world, in vain' });
  const broken = forge.waitFor(
    () => {
      throw new Error('bad look');
    },
    { what: 'x' },
  );
  await t.rejects(broken, { message: 'bad look' });
});

t.test('the Date header is the forge’s clock, and instants may have an offset', async (t) => {
  const { forge, ask } = await startWorld(t.testdir(), { now: () => 1_000_000, utcOffsetMinutes: -90 });
  t.teardown(forge.close);
  const answer = await ask('/repos/org/app/issues/1');
  t.equal(answer.headers.get('date'), 'Thu, 01 Jan 1970 00:16:40 GMT');
  t.equal(answer.body.created_at, '1969-12-31T22:46:40-01:30');
  t.equal(Date.parse(answer.body.created_at), 1_000_000);
  t.equal(answer.headers.get('etag'), null);
  t.match(answer.headers.get('content-type'), 'application/json');
  t.match(answer.headers.get('cache-control'), 'max-age=0');
});
