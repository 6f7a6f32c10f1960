import { join } from 'node:path';
import { checkout } from '@ccci/lib/git/checkout.ts';
import { planRepositoryTests } from '@ccci/lib/plan/repository-tests.ts';
import t from 'tap';
import { makeRepository } from '../git/repository.ts';

const script = '#!/bin/sh\n';

async function start(dir: string) {
  const repo = await makeRepository(join(dir, 'ghost'));
  const commit = await repo.commit({ 'tests/a*': script, 'tests/test_b.py': '', 'tests/notes.txt': '' });
  await repo.git('checkout', '--quiet', '-b', 'pr');
  await repo.git('rm', '--quiet', 'tests/a');
  const head = await repo.commit({ 'tests/new.test.mjs': '', 'tests/test_b.py': 'changed' });
  const { dir: checked } = await checkout({
    repo: repo.dir,
    ref: head,
    into: join(dir, 'head'),
    allowLocal: true,
    forgeUrls: [],
  });
  return { head: checked, target: { name: 'main', commit }, into: join(dir, 'target') };
}

t.test('L64 denied by default, each with a warning', async (t) => {
  const found = await planRepositoryTests({ ...(await start(t.testdir())), isAllowed: false });
  t.same([found.tests, found.folder], [[], null]);
  t.match(found.warnings, [
    /^tests\/new\.test\.mjs of .* is not run/,
    /^tests\/test_b\.py of .*repositoryTests/,
  ]);
});

t.test('L64 allowed ones are those of the target branch; what the commit removes is named', async (t) => {
  const s = await start(t.testdir());
  const found = await planRepositoryTests({ ...s, isAllowed: true });
  t.same(found.tests, [
    { stage: 'custom', file: 'tests/a', runner: 'tap', origin: 'repository', removed: true },
    { stage: 'custom', file: 'tests/test_b.py', runner: 'pytest', origin: 'repository' },
  ]);
  t.equal(found.folder, s.into);
  t.same(found.warnings, ['tests/new.test.mjs is not run: it is not on main yet']);
});

t.test('without a pull request the commit has its own', async (t) => {
  const s = await start(t.testdir());
  const found = await planRepositoryTests({ ...s, target: null, isAllowed: true });
  t.same(
    found.tests.map(({ file }) => file),
    ['tests/new.test.mjs', 'tests/test_b.py'],
  );
  t.equal(found.folder, s.head);
});
