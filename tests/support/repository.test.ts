import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { makeRepository } from './repository/make.ts';

const repo = {
  '1-1.0.0+1.0': {
    'compose.yml': 'one\n',
    '.gitignore': '*.bin\n',
    'x.bin': 'kept\n',
    'entry.sh': '#!/bin/sh\n',
    old: { a: 'a\n' },
  },
  '2-1.1.0+1.1': { 'compose.yml': 'two\n', '.removed': 'old\nx.bin\n' },
  '10-main': { 'README.md': 'later\n' },
  pr: { 'compose.yml': 'three\n' },
};

t.test('folders become commits, tags and a pull request', async (t) => {
  const dir = t.testdir({ recipes: { demo: { repo } }, out: {} });
  chmodSync(join(dir, 'recipes/demo/repo/1-1.0.0+1.0/entry.sh'), 0o755);
  const options = { recipe: 'demo', recipesDir: join(dir, 'recipes'), pull: 7 };
  const { bare, commits } = await makeRepository({ ...options, into: join(dir, 'out/a.git') });
  const git = (...args: string[]) => execFileSync('git', ['-C', bare, ...args], { encoding: 'utf8' }).trim();

  t.same(
    Object.keys(commits),
    ['1-1.0.0+1.0', '2-1.1.0+1.1', '10-main', 'pr'],
    'ordered by number, not by name',
  );
  t.equal(git('rev-parse', '1.1.0+1.1^{commit}'), commits['2-1.1.0+1.1']);
  t.equal(git('cat-file', '-t', '1.0.0+1.0'), 'tag', 'tags are annotated');
  t.equal(git('tag'), '1.0.0+1.0\n1.1.0+1.1');
  t.equal(git('symbolic-ref', 'HEAD'), 'refs/heads/main');
  t.equal(git('rev-parse', 'main'), commits['10-main']);
  t.equal(git('rev-parse', 'pr'), commits.pr);
  t.equal(git('rev-parse', 'refs/pull/7/head'), commits.pr);
  t.equal(git('rev-parse', 'pr~1'), commits['10-main'], 'the pull request is on top of main');
  t.equal(
    git('ls-tree', '-r', '--name-only', '1.0.0+1.0'),
    '.gitignore\ncompose.yml\nentry.sh\nold/a\nx.bin',
  );
  t.equal(git('ls-tree', '-r', '--name-only', 'pr'), '.gitignore\nREADME.md\ncompose.yml\nentry.sh');
  t.equal(git('show', '1.1.0+1.1:compose.yml'), 'two');
  t.equal(git('show', 'pr:compose.yml'), 'three');
  t.match(git('ls-tree', 'pr', 'entry.sh'), /^100755 /);
  t.match(git('ls-tree', 'pr', 'compose.yml'), /^100644 /);
  t.notOk(existsSync(join(bare, 'index')));
  t.equal(git('fsck', '--strict', '--no-dangling'), '');

  const again = await makeRepository({ ...options, into: join(dir, 'out/b.git') });
  t.same(again.commits, commits, 'the same folders give the same hashes');
});

t.test('what is no recipe repository is said by name', async (t) => {
  const make = (folders: NonNullable<Parameters<typeof t.testdir>[0]>) => {
    const dir = t.testdir({ recipes: { demo: { repo: folders } } });
    return makeRepository({ recipe: 'demo', recipesDir: join(dir, 'recipes'), into: join(dir, 'a.git') });
  };
  await t.rejects(make({ '1-1.0.0': {}, final: {} }), /repo\/final: expected/);
  await t.rejects(make({ pr: {} }), /no folder like/);
  await t.rejects(
    make({ '1-1.0.0': { '.removed': 'nothing\n' } }),
    /nothing/,
    'a path to remove that is not there',
  );
});
