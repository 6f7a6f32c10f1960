import { execa } from 'execa';
import t from 'tap';
import { startWorld } from './fixture.ts';

/** git as a program of a stranger: no configuration, no questions, at most 20 s. */
async function git(cwd: string, ...args: string[]): Promise<string> {
  const env = { GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  return (await execa('git', args, { cwd, env, timeout: 60_000, detached: true })).stdout;
}

t.test('clone, fetch of the kept reference, fetch by hash', async (t) => {
  const dir = t.testdir({ work: {} });
  const { forge, ask, commits } = await startWorld(dir);
  t.teardown(forge.close);
  const url = (await ask('/repos/org/app')).body.clone_url;
  t.equal(url, `${forge.url}/org/app.git`);
  await git(dir, 'clone', '-q', '--depth', '1', '--no-tags', url, 'clone');
  t.equal(await git(`${dir}/clone`, 'rev-parse', 'HEAD'), commits.base);
  await git(`${dir}/clone`, 'fetch', '-q', 'origin', 'refs/pull/1/head');
  t.equal(await git(`${dir}/clone`, 'rev-parse', 'FETCH_HEAD'), commits.head);
  forge.push('org', 'app', 1, commits.other);
  await git(`${dir}/clone`, 'fetch', '-q', 'origin', 'refs/pull/1/head');
  t.equal(await git(`${dir}/clone`, 'rev-parse', 'FETCH_HEAD'), commits.other);
  await git(`${dir}/work`, 'init', '-q');
  await git(
    `${dir}/work`,
    '-c',
    'protocol.version=0',
    'fetch',
    '-q',
    '--filter=blob:none',
    url,
    commits.head,
  );
  t.equal(await git(`${dir}/work`, 'rev-parse', 'FETCH_HEAD'), commits.head);
  t.ok(forge.requests.some(({ path }) => path === '/org/app.git/git-upload-pack'));
  t.same(forge.problems, []);
});

t.test('old names move, unknown ones are missing, pushing is refused', async (t) => {
  const dir = t.testdir();
  const { forge } = await startWorld(dir);
  t.teardown(forge.close);
  forge.renameRepository('org', 'app', 'new');
  await git(dir, 'clone', '-q', `${forge.url}/org/app.git`, 'clone');
  await t.rejects(git(dir, 'ls-remote', `${forge.url}/org/none.git`), { message: /not found/ });
  await t.rejects(git(`${dir}/clone`, 'push', '-q', `${forge.url}/org/new.git`, 'HEAD:x'), {
    message: /403/,
  });
});

t.test('a private repository asks for a login', async (t) => {
  const dir = t.testdir();
  const { forge, eve, token } = await startWorld(dir);
  t.teardown(forge.close);
  forge.addRepository('org', 'hidden', 'app.git', { private: true });
  const at = (login: string) => forge.url.replace('//', `//${login}@`).concat('/org/hidden.git');
  await t.rejects(git(dir, 'ls-remote', `${forge.url}/org/hidden.git`), {
    message: /terminal prompts disabled/,
  });
  await t.rejects(git(dir, 'ls-remote', at(`x:${eve.token(['all'])}`)), { message: /not found/ });
  t.match(await git(dir, 'ls-remote', at(`x:${token}`)), /refs\/pull\/1\/head/);
});

t.test('git meets faults too', async (t) => {
  const dir = t.testdir();
  const { forge } = await startWorld(dir);
  t.teardown(forge.close);
  forge.misbehave({ match: { path: /info\/refs/ }, fault: { status: 502 } });
  await t.rejects(git(dir, 'ls-remote', `${forge.url}/org/app.git`), { message: /502/ });
  t.match(await git(dir, 'ls-remote', `${forge.url}/org/app.git`), /refs\/heads\/main/);
});
