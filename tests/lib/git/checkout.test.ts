import { access, lstat, mkdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from '@ccci/lib/git/checkout.ts';
import t from 'tap';
import { makeRepository } from './repository.ts';

const local = { allowLocal: true, forgeUrls: [] };

async function start(dir: string) {
  const repo = await makeRepository(join(dir, 'ghost'));
  const first = await repo.commit({ 'compose.yml': 'version: "3.8"\n' });
  await repo.git('tag', '-a', '1.0.0+5.0.0', '-m', 'first');
  await repo.git('tag', 'light');
  const second = await repo.commit({ 'compose.yml': 'version: "3.8"\n# two\n' });
  return { repo, first, second, into: join(dir, 'out') };
}

t.test('L11 takes the commit by its hash, with annotated and lightweight tags told apart', async (t) => {
  const { repo, first, into } = await start(t.testdir());
  const got = await checkout({ repo: repo.dir, ref: first, into, ...local });
  t.match(got, { dir: into, ref: first, dirty: false, pullHead: null });
  t.same(got.tags, [
    { name: '1.0.0+5.0.0', commit: first, annotated: true },
    { name: 'light', commit: first, annotated: false },
  ]);
  t.equal(await readFile(join(into, 'compose.yml'), 'utf8'), 'version: "3.8"\n');
});

t.test('a pull request head that moved on still gives the pinned commit', async (t) => {
  const { repo, into } = await start(t.testdir());
  await repo.git('checkout', '--quiet', '--detach');
  const pinned = await repo.commit({ a: '1' });
  const newer = await repo.commit({ a: '2' });
  await repo.git('update-ref', 'refs/pull/3/head', newer);
  await repo.git('checkout', '--quiet', 'main');
  const got = await checkout({ repo: repo.dir, ref: pinned, pull: 3, into, ...local });
  t.match(got, { ref: pinned, pullHead: newer });
  t.equal(await readFile(join(into, 'a'), 'utf8'), '1');
});

t.test('a pinned commit that no ref leads to is asked for by its hash', async (t) => {
  const { repo, into, second } = await start(t.testdir());
  await repo.git('checkout', '--quiet', '--detach');
  const pinned = await repo.commit({ a: '1' });
  await repo.git('update-ref', 'refs/pull/3/head', second);
  await repo.git('checkout', '--quiet', 'main');
  t.match(await checkout({ repo: repo.dir, ref: pinned, pull: 3, into, ...local }), {
    ref: pinned,
    pullHead: second,
  });
});

t.test('a commit that is gone says so', async (t) => {
  const { repo, into } = await start(t.testdir());
  const gone = checkout({ repo: repo.dir, ref: 'd'.repeat(40), pull: 3, into, ...local });
  await t.rejects(gone, {
    code: 'commit-gone',
    message: /^the commit is gone: dddddddddddd .* force-pushed\?$/,
    status: 65,
  });
});

t.test('nothing of the repository runs or leads out: hooks, filters, links, submodules', async (t) => {
  const dir = t.testdir();
  const { repo, into } = await start(dir);
  const mark = join(dir, 'ran');
  await writeFile(join(repo.dir, '.gitattributes'), '* filter=evil\n');
  await symlink('/etc/passwd', join(repo.dir, 'link'));
  await mkdir(join(repo.dir, '.git', 'hooks'), { recursive: true });
  for (const hook of ['post-checkout', 'reference-transaction']) {
    await writeFile(join(repo.dir, '.git', 'hooks', hook), `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
  }
  const ref = await repo.commit({ '.gitmodules': '[submodule "s"]\n path = s\n url = ../x\n' });
  await writeFile(join(repo.dir, '.git', 'config'), `[filter "evil"]\n smudge = touch ${mark}; cat\n`, {
    flag: 'a',
  });
  await access(mark).then(
    () => import('node:fs/promises').then((fs) => fs.rm(mark)),
    () => {},
  );
  await checkout({ repo: repo.dir, ref, into, ...local });
  await t.rejects(access(mark));
  t.equal((await lstat(join(into, 'link'))).isFile(), true);
  t.equal(await readFile(join(into, 'link'), 'utf8'), '/etc/passwd');
  await t.rejects(readlink(join(into, 'link')));
});

t.test('a checkout as it is: uncommitted and untracked files, not the ignored and the removed', async (t) => {
  const { repo, into } = await start(t.testdir());
  const head = await repo.commit({ '.gitignore': 'secret\n', old: 'x' });
  const clean = await checkout({ repo: repo.dir, worktree: true, into, ...local });
  t.match(clean, { ref: head, dirty: false });
  t.match(clean.tags, [{ name: '1.0.0+5.0.0', annotated: true }, { name: 'light' }]);
  await writeFile(join(repo.dir, 'compose.yml'), 'changed');
  await writeFile(join(repo.dir, 'new'), 'new');
  await writeFile(join(repo.dir, 'secret'), 's');
  await repo.git('rm', '--quiet', 'old');
  const again = `${into}2`;
  t.match(await checkout({ repo: repo.dir, worktree: true, into: again, ...local }), {
    ref: head,
    dirty: true,
  });
  t.equal(await readFile(join(again, 'compose.yml'), 'utf8'), 'changed');
  t.equal(await readFile(join(again, 'new'), 'utf8'), 'new');
  await t.rejects(access(join(again, 'secret')));
  await t.rejects(access(join(again, 'old')));
});

t.test('what cannot be used says why and what to do', async (t) => {
  const dir = t.testdir({ plain: { file: 'x' } });
  const { repo, first, into } = await start(dir);
  const empty = await makeRepository(join(dir, 'empty'));
  const cases = [
    [{ repo: join(dir, 'nowhere'), ref: first }, 'repo-missing', /nowhere is not there/, /git init/],
    [{ repo: join(dir, 'plain'), worktree: true }, 'repo-missing', /is not a git repository/, /top folder/],
    [{ repo: empty.dir, worktree: true }, 'repo-missing', /has no commit yet/, /first commit/],
    [
      { repo: repo.dir, ref: first, allowLocal: false },
      'git-refused',
      /a path of this machine/,
      /--allow-local/,
    ],
    [{ repo: 'http://git.example.org/a/b', ref: first }, 'git-refused', /http is allowed only/, /forges/],
    [{ repo: 'ssh://example.org/a', ref: first }, 'git-refused', /ssh: is not allowed/, /https/],
    [{ repo: 'git@example.org:a/b', ref: first }, 'git-refused', /not allowed/, /https/],
    [{ repo: 'ext::sh -c id', ref: first }, 'git-refused', /not allowed/, /https/],
    [
      { repo: 'https://u:secret@example.org/a', ref: first },
      'git-refused',
      /^(?!.*secret).*credentials/,
      /without/,
    ],
    [{ repo: 'https://127.0.0.1:1/a/b.git', ref: first }, 'repo-unreachable', /127.0.0.1:1/, /reachable/],
  ] as const;
  for (const [index, [options, code, message, hint]] of cases.entries()) {
    await t.rejects(
      checkout({ ...local, ...options, into: `${into}-${index}` }),
      { code, message, hint },
      code,
    );
  }
});

t.test('a cancel ends the transfer', async (t) => {
  const { repo, first, into } = await start(t.testdir());
  const signal = AbortSignal.abort('SIGINT');
  await t.rejects(checkout({ repo: repo.dir, ref: first, into, signal, ...local }));
});
