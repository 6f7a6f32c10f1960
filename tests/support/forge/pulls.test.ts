import { execaSync } from 'execa';
import t from 'tap';
import { startWorld } from './fixture.ts';

type Row = { readonly type: string; readonly body: string };
const pr = '/repos/org/app/pulls/1';
const timeline = '/repos/org/app/issues/1/timeline';

t.test('head and base come from git, and a push moves the head', async (t) => {
  const { forge, ask, commits } = await startWorld(t.testdir());
  t.teardown(forge.close);
  const before = (await ask(pr)).body;
  t.equal(before.head.sha, commits.head);
  t.equal(before.head.ref, 'feature');
  t.equal(before.base.sha, commits.base);
  t.equal(before.merge_base, commits.base);
  t.equal(before.url, `${forge.url}/org/app/pulls/1`, 'a web address');
  t.equal((await ask(timeline)).text, 'null\n', 'an empty timeline');
  forge.push('org', 'app', 1, commits.next);
  forge.push('org', 'app', 1, commits.other);
  t.equal((await ask(pr)).body.head.sha, commits.other);
  const rows = (await ask(timeline)).body as Row[];
  t.same(
    rows.map(({ type, body }) => [type, JSON.parse(body)]),
    [
      ['pull_push', { is_force_push: false, commit_ids: [commits.next] }],
      ['pull_push', { is_force_push: true, commit_ids: [commits.next, commits.other] }],
    ],
  );
  t.equal((await ask(`${timeline}?page=1&limit=1`)).headers.get('x-total-count'), '1');
  t.same(forge.problems, []);
});

t.test('close, reopen and merge', async (t) => {
  const { forge, ask, commits } = await startWorld(t.testdir());
  t.teardown(forge.close);
  forge.closePull('org', 'app', 1);
  t.match((await ask(pr)).body, { state: 'closed', merged: false });
  forge.reopenPull('org', 'app', 1, { author: 'bot' });
  t.match((await ask(pr)).body, { state: 'open', closed_at: null });
  const sha = forge.mergePull('org', 'app', 1);
  const merged = (await ask(pr)).body;
  t.match(merged, { state: 'closed', merged: true, merge_commit_sha: sha, base: { sha } });
  t.match((await ask('/repos/org/app/branches/main')).body.commit.id, sha);
  t.match((await ask('/repos/org/app/issues/1')).body.pull_request, { merged: true });
  const rows = (await ask(timeline)).body as Row[];
  t.same(
    rows.map((row) => row.type),
    ['close', 'reopen', 'merge_pull'],
  );
  t.match((await ask(`/repos/org/app/git/commits/${sha}`)).body.parents, [
    { sha: commits.base },
    { sha: commits.head },
  ]);
  t.same(forge.problems, []);
});

t.test('a fork, its branch deleted, then the fork itself', async (t) => {
  const dir = t.testdir();
  const { forge, ask, commits } = await startWorld(dir);
  t.teardown(forge.close);
  execaSync('git', ['clone', '-q', '--bare', `${dir}/app.git`, `${dir}/fork.git`]);
  const tree = execaSync('git', ['commit-tree', 'feature^{tree}', '-p', 'feature', '-m', 'x'], {
    cwd: `${dir}/fork.git`,
    env: {
      GIT_AUTHOR_NAME: 'e',
      GIT_AUTHOR_EMAIL: 'e@e',
      GIT_COMMITTER_NAME: 'e',
      GIT_COMMITTER_EMAIL: 'e@e',
    },
  });
  const sha = tree.stdout;
  execaSync('git', ['update-ref', 'refs/heads/mine', sha], { cwd: `${dir}/fork.git` });
  const { id } = forge.addRepository('eve', 'app', 'fork.git', { forkOf: 'org/app' });
  const fork = { owner: 'eve', name: 'app' };
  const number = forge.openPull('org', 'app', { head: 'mine', title: 'from outside', author: 'eve', fork });
  const head = async () => (await ask(`/repos/org/app/pulls/${number}`)).body.head;
  t.match(await head(), { ref: 'mine', sha, repo_id: id, repo: { full_name: 'eve/app', fork: true } });
  t.equal((await ask(`/repos/org/app/git/commits/${sha}`)).status, 200, 'the base has its objects');
  execaSync('git', ['update-ref', '-d', 'refs/heads/mine'], { cwd: `${dir}/fork.git` });
  t.match(await head(), { ref: `refs/pull/${number}/head`, sha, repo_id: id });
  forge.removeRepository('eve', 'app');
  t.match(await head(), { ref: `refs/pull/${number}/head`, sha, repo_id: -1, repo: null });
  t.not(sha, commits.head);
  t.same(forge.problems, []);
});

t.test('the list of pull requests', async (t) => {
  let at = 1000;
  const { forge, ask } = await startWorld(t.testdir(), { now: () => at * 1000 });
  t.teardown(forge.close);
  at = 2000;
  forge.openPull('org', 'app', { head: 'next', title: 'WIP: two', author: 'mia' });
  at = 3000;
  forge.comment('org', 'app', 1, 'mia', 'x');
  const numbers = async (query: string) =>
    (await ask(`/repos/org/app/pulls${query}`)).body.map((one: { number: number }) => one.number);
  t.same(await numbers(''), [2, 1]);
  t.same(await numbers('?sort=recentupdate'), [1, 2]);
  t.same(await numbers('?limit=1&page=2'), [1]);
  forge.closePull('org', 'app', 1);
  t.same(await numbers(''), [2]);
  t.same(await numbers('?state=closed'), [1]);
  t.equal((await ask('/repos/org/app/pulls/2')).body.draft, true);
  t.equal((await ask('/repos/org/app/pulls/77')).status, 404);
});

t.test('statuses: appended, the latest of a context counts', async (t) => {
  const { forge, ask, commits } = await startWorld(t.testdir());
  t.teardown(forge.close);
  const path = `/repos/org/app/statuses/${commits.head}`;
  const combined = async () => (await ask(`/repos/org/app/commits/${commits.head}/status`)).body;
  t.match(await combined(), { state: '', statuses: null, total_count: 0 });
  const post = (state: string, context: string) =>
    ask(path, { method: 'POST', body: { state, context, description: ' said ', target_url: 'http://x/' } });
  const first = await post('pending', 'ccci/run');
  t.equal(first.status, 201);
  t.match(first.body, {
    id: 1,
    status: 'pending',
    description: 'said',
    url: /\/api\/v1\/repos\/org\/app\/statuses\//,
  });
  t.notOk('state' in first.body, 'the answer says status, not state');
  t.match(await combined(), { state: 'pending', statuses: [{ id: 1, status: 'pending' }] });
  await post('success', 'ccci/run');
  await post('warning', 'lint');
  t.match(await combined(), { state: 'success', total_count: 2, statuses: [{ id: 2 }, { id: 3 }] });
  await post('error', 'lint');
  t.equal((await combined()).state, 'failure');
  const short = await ask(`/repos/org/app/statuses/${commits.head.slice(0, 8)}`, {
    method: 'POST',
    body: { state: 'success', context: 'lint' },
  });
  t.equal(short.status, 201, 'a short hash is completed');
  t.equal((await combined()).state, 'success');
  t.equal((await ask(`${path}?sort=leastindex`)).body[0].id, 5);
  t.equal((await ask('/repos/org/app/commits/feature/statuses')).headers.get('x-total-count'), '5');
  t.equal((await ask(`/repos/org/app/statuses/${'0'.repeat(40)}`, { method: 'POST', body: {} })).status, 500);
  t.match(forge.statuses('org', 'app', commits.head)[1], {
    id: 2,
    state: 'success',
    context: 'ccci/run',
    creator: 'bot',
  });
  t.same(forge.problems, []);
});
