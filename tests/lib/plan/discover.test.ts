import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { discover } from '@ccci/lib/plan/discover.ts';
import { planSchema } from '@ccci/lib/records/plan.ts';
import { type Trigger, triggerExample } from '@ccci/lib/records/trigger.ts';
import t from 'tap';
import { makeRepository, type Repository, writeTree } from '../git/repository.ts';

const stamping = { by: 'ccci-discover/test', now: () => new Date('2026-11-23T10:15:00Z') };

function compose(
  version: string,
  image: string,
  labels: readonly string[] = ['backupbot.backup=${BACKUP:-true}'],
): string {
  const all = [`coop-cloud.\${STACK_NAME}.version=${version}`, ...labels].map(
    (label) => `        - "${label}"\n`,
  );
  return `version: "3.8"\nservices:\n  app:\n    image: ${image}\n    deploy:\n      labels:\n${all.join('')}`;
}

async function release(repo: Repository, version: string, image: string): Promise<string> {
  const commit = await repo.commit({ 'compose.yml': compose(version, image), '.env.sample': 'TYPE=ghost\n' });
  await repo.git('tag', '-a', version, '-m', version);
  return commit;
}

async function start(dir: string) {
  const repo = await makeRepository(join(dir, 'ghost'));
  return { repo, dir, testsDir: join(dir, 'tests') };
}

type Situation = { readonly repo: Repository; readonly dir: string; readonly testsDir: string };

let number = 0;
async function plan({ repo, dir, testsDir }: Situation, trigger: Partial<Trigger>) {
  number += 1;
  const { pr: _pr, comment: _comment, forge: _forge, ...rest } = triggerExample;
  const given: Trigger = {
    ...rest,
    source: 'hand',
    repo: repo.dir,
    ref: await repo.git('rev-parse', 'HEAD'),
    ...trigger,
  };
  const into = join(dir, `run-${number}`);
  const found = await discover(given, { into, testsDir, allowLocal: true, forgeUrls: [], stamping });
  planSchema.parse(found.plan);
  return found;
}

function pull(head: string, base: string): NonNullable<Trigger['pr']> {
  return { ...triggerExample.pr!, base: { ref: 'main', sha: base }, head: { ref: 'x', sha: head } };
}

t.test('the base is the newest published version below', async (t) => {
  const s = await start(t.testdir());
  await release(s.repo, '0.9.0+1', 'a:0');
  const base = await release(s.repo, '0.10.0+1', 'a:1');
  await s.repo.git('tag', '0.11.0+1');
  const head = await release(s.repo, '1.0.0+2', 'a:2');
  const found = await plan(s, {});
  t.match(found.plan, {
    ref: head,
    version: '1.0.0+2',
    base: { ref: base, version: '0.10.0+1', why: 'newest published version below 1.0.0+2' },
    scope: 'full',
  });
  t.match(found, { head: /run-\d+\/head$/, base: /run-\d+\/base$/, testsFolder: null });
});

t.test('a pull request never upgrades from itself, nor from what its target has not', async (t) => {
  const s = await start(t.testdir());
  const base = await release(s.repo, '1.0.0+1', 'a:1');
  await s.repo.git('checkout', '--quiet', '-b', 'pr');
  await release(s.repo, '1.1.0+1', 'a:2');
  const head = await s.repo.commit({ 'compose.yml': compose('1.2.0+1', 'a:3') });
  await s.repo.git('checkout', '--quiet', 'main');
  const target = await release(s.repo, '2.0.0+1', 'a:9');
  const { plan: got } = await plan(s, { ref: head, pr: pull(head, target) });
  t.match(got, { version: '1.2.0+1', base: { ref: base, version: '1.0.0+1' } });
});

t.test('L37 a version that renders the same stack is stepped over, and said so', async (t) => {
  const s = await start(t.testdir());
  const old = await release(s.repo, '1.0.0+1', 'a:1');
  await release(s.repo, '1.0.1+1', 'a:2');
  await s.repo.commit({ 'compose.yml': compose('1.0.2+1', 'a:2') });
  const { plan: got } = await plan(s, {});
  t.match(got.base, {
    ref: old,
    version: '1.0.0+1',
    why: /below 1\.0\.2\+1; 1\.0\.1\+1 would render the same stack$/,
  });
});

t.test('a changed file of a config is another stack', async (t) => {
  const s = await start(t.testdir());
  const body = (version: string) => `${compose(version, 'a:1')}configs:\n  conf:\n    file: app.conf\n`;
  await s.repo.commit({ 'compose.yml': body('1.0.0+1'), 'app.conf': 'one' });
  await s.repo.git('tag', '-a', '1.0.0+1', '-m', 'x');
  await s.repo.commit({ 'compose.yml': body('1.0.1+1'), 'app.conf': 'two' });
  t.match((await plan(s, {})).plan.base, { version: '1.0.0+1' });
});

t.test(
  'without a published version the target branch is the base, unless it is the same, newer or merged',
  async (t) => {
    const s = await start(t.testdir());
    const target = await s.repo.commit({ 'compose.yml': compose('0.1.0+1', 'a:1') });
    await s.repo.git('checkout', '--quiet', '-b', 'pr');
    const head = await s.repo.commit({ 'compose.yml': compose('0.2.0+1', 'a:2') });
    const got = await plan(s, { ref: head, pr: pull(head, target) });
    t.match(got.plan.base, {
      ref: target,
      version: null,
      why: 'no published version to upgrade from; tip of main',
    });

    await s.repo.git('tag', '-a', '9.0.0+1', '-m', 'published', target);
    const same = await s.repo.commit({ 'compose.yml': compose('0.2.0+1', 'a:1') });
    const reasonOf = async (ref: string, base: string) => {
      const { plan } = await discovered(ref, base);
      return plan.stages.find(({ name }) => name === 'upgrade');
    };
    const discovered = (ref: string, base: string) => plan(s, { ref, pr: pull(ref, base) });
    t.match(await reasonOf(same, target), {
      does: 'skip',
      reason: /the tip of main renders the same stack$/,
    });
    t.match(await reasonOf(target, head), { does: 'skip', reason: /main contains the commit already$/ });
    await s.repo.git('checkout', '--quiet', 'main');
    const newer = await s.repo.commit({ 'compose.yml': compose('3.0.0+1', 'a:3') });
    t.match(await reasonOf(head, newer), {
      does: 'skip',
      reason: /the tip of main is a higher version, 3\.0\.0\+1$/,
    });
  },
);

t.test('L38 a version label without any tag is unver, a first version is a skip', async (t) => {
  const s = await start(t.testdir());
  await s.repo.commit({ 'compose.yml': compose('0.1.0+1', 'a:1') });
  const upgrade = async () => (await plan(s, {})).plan.stages.find(({ name }) => name === 'upgrade');
  t.match(await upgrade(), {
    does: 'unver',
    reason: /0\.1\.0\+1, but there is no version tag: tags not fetched or not synced/,
  });
  await s.repo.git('tag', '-a', '0.1.0+1', '-m', 'x');
  t.match(await upgrade(), {
    does: 'skip',
    reason: 'nothing to upgrade from: no published version below 0.1.0+1',
  });
});

t.test('L54 versions that are lightweight tags only do not make a skip', async (t) => {
  const s = await start(t.testdir());
  await s.repo.commit({ 'compose.yml': compose('0.1.0+1', 'a:0'), '.env.sample': 'TYPE=ghost\n' });
  await s.repo.git('tag', '0.1.0+1');
  await s.repo.commit({ 'compose.yml': compose('0.2.0+1', 'a:1') });
  const upgrade = (await plan(s, {})).plan.stages.find(({ name }) => name === 'upgrade');
  t.match(upgrade, { does: 'unver', reason: /0\.1\.0\+1 only lightweight/ });
  await s.repo.git('tag', '-a', '0.2.0+1', '-m', 'x');
  const first = (await plan(s, {})).plan.stages.find(({ name }) => name === 'upgrade');
  t.match(first, { does: 'skip' }, 'a first published version has nothing to upgrade from');
});

t.test('upgrade.from decides, and a wrong one is unver', async (t) => {
  const s = await start(t.testdir());
  const first = await release(s.repo, '0.9.0+1', 'a:0');
  await release(s.repo, '1.0.0+1', 'a:1');
  await release(s.repo, '1.1.0+1', 'a:2');
  await writeTree(s.testsDir, { 'ghost/recipe.yml': 'upgrade: { from: 0.9.0+1 }\n' });
  t.match((await plan(s, {})).plan.base, {
    ref: first,
    version: '0.9.0+1',
    why: 'upgrade.from in recipe.yml',
  });
  await writeTree(s.testsDir, { 'ghost/recipe.yml': 'upgrade: { from: 0.8.0+1 }\n' });
  const { plan: got, base } = await plan(s, {});
  t.match(got.stages[1], {
    name: 'upgrade',
    does: 'unver',
    reason: /0\.8\.0\+1, but the repository has no such/,
  });
  t.match([got.base, base], [null, null]);
});

t.test('backup labels that only the base has do not make a skip', async (t) => {
  const s = await start(t.testdir());
  await release(s.repo, '1.0.0+1', 'a:1');
  await s.repo.commit({ 'compose.yml': compose('1.1.0+1', 'a:2', []) });
  t.match((await plan(s, {})).plan.stages[2], {
    name: 'backup',
    does: 'run',
    reason: /the base has backup labels/,
  });
  await s.repo.commit({ 'compose.yml': compose('1.1.0+1', 'a:2'), '.env.sample': 'BACKUP=false\n' });
  t.match((await plan(s, {})).plan.stages[2], { name: 'backup', does: 'run', reason: /the base has/ });
});

t.test('a local checkout is taken as it is', async (t) => {
  const s = await start(t.testdir());
  const base = await release(s.repo, '1.0.0+1', 'a:1');
  await writeFile(join(s.repo.dir, 'compose.yml'), compose('1.1.0+1', 'a:2'));
  const { plan: got, checkout } = await plan(s, { worktree: true });
  t.match(got, { version: '1.1.0+1', dirty: true, base: { ref: base, version: '1.0.0+1' } });
  t.equal(checkout.dirty, true);
});

t.test('L53 finds tests, hooks and overlays, and warns of what would not run', async (t) => {
  const s = await start(t.testdir());
  await s.repo.commit({ 'compose.yml': compose('1.0.0+1', 'a:1'), 'tests/own.test.mjs': '' });
  await writeTree(s.testsDir, {
    'ghost/custom/test_posts.py': '',
    'ghost/custom/deep/a.test.ts': '',
    'ghost/custom/check*': '#!/bin/sh\n',
    'ghost/custom/_helper.test.ts': '',
    'ghost/custom/data.json': '{}',
    'ghost/custom/forgotten.sh': '',
    'ghost/functional/test_old.py': '',
    'ghost/test_install.py': '',
    'ghost/upgrade.test.mjs': '',
    'ghost/hooks/seed*': '#!/bin/sh\n',
    'ghost/compose.ccci.yml': 'version: "3.8"\n',
  });
  const { plan: got, testsFolder } = await plan(s, {});
  t.same(
    got.tests.map(({ stage, file, runner }) => `${stage} ${runner} ${file}`),
    [
      'custom tap custom/check',
      'custom node custom/deep/a.test.ts',
      'custom pytest custom/test_posts.py',
      'custom pytest functional/test_old.py',
      'install pytest test_install.py',
      'upgrade node upgrade.test.mjs',
    ],
  );
  t.same(got.counts, { custom: 4, install: 1, upgrade: 1 });
  t.same(got.hooks, [{ name: 'seed', file: 'hooks/seed', origin: 'operator' }]);
  t.same(got.overlays, [{ file: 'compose.ccci.yml', for: 'both' }]);
  t.match(got.tree, { path: 'ghost', commit: null });
  t.equal(testsFolder, join(s.testsDir, 'ghost'));
  t.match(got.warnings, [
    /^functional\/test_old\.py: functional\/ is deprecated; move it to custom\/test_old\.py$/,
    /^custom\/forgotten\.sh is not run/,
    /^tests\/own\.test\.mjs of the recipe's own repository is not run/,
  ]);
});

t.test('the commit of the tree of tests is recorded', async (t) => {
  const s = await start(t.testdir());
  await s.repo.commit({ 'compose.yml': compose('1.0.0+1', 'a:1') });
  const tree = await makeRepository(s.testsDir);
  const commit = await tree.commit({ 'ghost/recipe.yml': 'health: { path: /up }\n' });
  const { plan: got, settings } = await plan(s, {});
  t.match(got, { tree: { path: 'ghost', commit }, settings: { health: { path: '/up' } } });
  t.equal(settings.health.path, '/up');
});

t.test('what is broken in the tree is named before anything runs', async (t) => {
  const cases = [
    [{ 'hooks/sed*': '' }, 'bad-hook', /hooks\/sed: unknown hook sed; did you mean seed\?/],
    [{ 'hooks/seed': '' }, 'bad-hook', /hooks\/seed is not executable/],
    [{ 'recipe.yml': 'helth: {}\n' }, 'bad-settings', /unknown key helth; did you mean health/],
    [{ 'compose.base.yml': '' }, 'stale-overlay', /does not say which version/],
    [
      { 'recipe.yml': 'upgrade: { overlay: { for: 1.0.0+1 } }\n' },
      'stale-overlay',
      /there is no ghost\/compose.base.yml/,
    ],
    [
      { 'compose.base.yml': '', 'recipe.yml': 'upgrade: { overlay: { for: 0.9.0+1 } }\n' },
      'stale-overlay',
      /is for 0\.9\.0\+1, but the upgrade begins from 1\.0\.0\+1/,
    ],
  ] as const;
  const s = await start(t.testdir());
  await release(s.repo, '1.0.0+1', 'a:1');
  await release(s.repo, '1.1.0+1', 'a:2');
  for (const [index, [files, code, message]] of cases.entries()) {
    const testsDir = join(s.dir, `tests-${index}`);
    await writeTree(join(testsDir, 'ghost'), files);
    await t.rejects(plan({ ...s, testsDir }, {}), { code, message, status: 65 }, String(message));
  }
});

t.test('no recipe, no name of a recipe, no configured forge', async (t) => {
  const s = await start(t.testdir());
  await s.repo.commit({ 'README.md': '' });
  await t.rejects(plan(s, {}), { code: 'not-a-recipe' });
  await t.rejects(plan(s, { recipe: '../x' }), { code: 'bad-recipe' });
  const { repo: _repo, ...options } = { ...s, into: join(s.dir, 'x'), stamping };
  const elsewhere = { ...triggerExample, repo: 'https://elsewhere.example/a/b.git' };
  const forgeUrls = ['https://git.example.org'];
  const refused = discover(elsewhere, { ...options, allowLocal: false, forgeUrls });
  await t.rejects(refused, { code: 'git-refused', message: /not below a configured forge/ });
});
