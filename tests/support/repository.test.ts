import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { parse } from 'yaml';
import { makeRepository } from './repository/make.ts';
import { layTests } from './repository/recipe.ts';

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

t.test('a recipe made from another one holds only what differs', async (t) => {
  const variant = {
    from: 'demo\n',
    without: '10-main\n',
    repo: {
      all: { 'stack.yml.merge': 'services: { app: { mode: 0555, image: null, labels: { b: 3 } } }\n' },
      pr: { '.removed': 'x.bin\n', 'own.txt': 'own\n' },
    },
    tests: { custom: { 'b.test.ts': 'b\n' }, 'recipe.yml.merge': 'timeouts: { http: 5 }\n' },
  };
  const stack = 'services:\n  app:\n    image: web\n    labels: [a=1, b=2]\n';
  const base = { ...repo, '1-1.0.0+1.0': { ...repo['1-1.0.0+1.0'], 'stack.yml': stack } };
  const tests = { custom: { 'a.test.ts': 'a\n' }, 'recipe.yml': 'timeouts: { deploy: 9 }\n' };
  const dir = t.testdir({
    recipes: { demo: { repo: { ...base, pr: { ...base.pr, 'x.bin': '' } }, tests }, variant },
    out: {},
  });
  const recipesDir = join(dir, 'recipes');
  const { bare, commits } = await makeRepository({
    recipe: 'variant',
    recipesDir,
    into: join(dir, 'out/a.git'),
  });
  const git = (...args: string[]) => execFileSync('git', ['-C', bare, ...args], { encoding: 'utf8' }).trim();

  t.same(Object.keys(commits), ['1-1.0.0+1.0', '2-1.1.0+1.1', 'pr'], 'without what it leaves out');
  const merged = { services: { app: { labels: ['a=1', 'b=3'], mode: 0o555 } } };
  for (const commit of ['1.0.0+1.0', 'pr']) t.same(parse(git('show', `${commit}:stack.yml`)), merged, commit);
  t.equal(git('ls-tree', '-r', '--name-only', 'pr'), '.gitignore\ncompose.yml\nentry.sh\nown.txt\nstack.yml');

  await layTests('variant', join(dir, 'out', 'tests'), recipesDir);
  t.equal(readFileSync(join(dir, 'out/tests/custom/a.test.ts'), 'utf8'), 'a\n');
  t.equal(readFileSync(join(dir, 'out/tests/custom/b.test.ts'), 'utf8'), 'b\n');
  t.same(parse(readFileSync(join(dir, 'out/tests/recipe.yml'), 'utf8')), {
    timeouts: { deploy: 9, http: 5 },
  });
});
