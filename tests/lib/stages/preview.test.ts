import { existsSync, mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { previewSchema } from '@ccci/lib/records/preview.ts';
import { type Trigger, triggerExample } from '@ccci/lib/records/trigger.ts';
import { type PreviewOptions, previewTrigger } from '@ccci/lib/stages/preview.ts';
import t, { type Test } from 'tap';
import { makeRepository } from '../../support/repository/make.ts';

const stamping = { by: 'ccci-stage/test', now: () => new Date('2026-11-23T10:20:00.000Z') };

/** A recipe of `tests/recipes` in a repository, and what looks at its pull request's commit. */
async function scene(t: Test, recipe: string) {
  const dir = t.testdir({ tests: {}, runs: {} });
  const { bare, commits } = await makeRepository({ recipe, into: join(dir, `${recipe}.git`) });
  const { pr: _pr, comment: _comment, ...plain } = triggerExample;
  const ref = commits.pr ?? Object.values(commits).at(-1);
  const trigger: Trigger = { ...plain, recipe, repo: bare, ref: String(ref) };
  const ending = new AbortController();
  const options: PreviewOptions = {
    testsDir: join(dir, 'tests'),
    runs: join(dir, 'runs'),
    work: join(dir, 'work'),
    owner: 'owner',
    domain: 'ccci.test',
    ingress: { kind: 'direct' },
    environment: async () => ({}),
    limits: undefined,
    allowLocal: true,
    forgeUrls: [],
    stamping,
    signal: ending.signal,
  };
  const look = (changes: Partial<Trigger> = {}) => previewTrigger({ ...trigger, ...changes }, options);
  return { dir, look, ending, options };
}

t.test('plan, policy, lint and what changes, without an engine; nothing of it stays', async (t) => {
  const { dir, look, options } = await scene(t, 'lands');
  // What is left of somebody who was killed is no hindrance.
  mkdirSync(join(options.work, 'checkout', 'head'), { recursive: true });
  const preview = await look();
  t.ok(previewSchema.safeParse(preview).success);
  t.match(preview, {
    type: 'preview',
    key: triggerExample.key,
    plan: { recipe: 'lands', base: { version: String } },
    stages: [
      { name: 'checkout', status: 'pass' },
      { name: 'policy', status: 'pass', cause: null, summary: null },
      { name: 'lint' },
    ],
    changes: { against: String, images: Array },
  });
  t.ok(preview?.plan.stages.some(({ name, does }) => name === 'install' && does === 'run'));
  t.ok((preview?.stages[2]?.tests.length ?? 0) > 5, 'a test for each rule');
  t.equal(preview?.expectedMs, undefined, 'nobody can tell before a run has finished');
  t.notOk(existsSync(join(dir, 'work')));
});

t.test('what is refused says how it would be allowed', async (t) => {
  const refused = await (await scene(t, 'mounts-host')).look();
  t.match(refused?.stages[1], { name: 'policy', status: 'fail', cause: 'policy', summary: /allow: \[/ });
});

t.test(
  'a commit that is gone is told; settings of ours too, and a forge that is away is nobody’s news',
  async (t) => {
    const { dir, look, options } = await scene(t, 'good');
    t.match(await look({ ref: 'f'.repeat(40) }), {
      plan: { stages: [] },
      stages: [{ name: 'checkout', status: 'fail', summary: /f{7}/ }],
    });
    t.equal(await look({ repo: join(dir, 'nowhere.git') }), null);
    mkdirSync(join(options.testsDir, 'good'));
    await writeFile(join(options.testsDir, 'good', 'recipe.yml'), 'colour: blue\n');
    t.match(await look(), { stages: [{ name: 'checkout', status: 'unver', summary: /colour/ }] });
  },
);

t.test('ended, it comes to nothing, and leaves nothing', async (t) => {
  const { dir, look, ending } = await scene(t, 'good');
  const looking = look();
  ending.abort('a slot is free');
  t.equal(await looking, null);
  t.notOk(existsSync(join(dir, 'work')));
});
