import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { triggerExample } from '@ccci/lib/records/trigger.ts';
import { checkOut } from '@ccci/lib/stages/check-out.ts';
import t, { type Test } from 'tap';
import { startForge } from '../../support/forge/forge.ts';
import { makeRepository } from '../../support/repository/make.ts';

/** A forge with one recipe, and the checkout of its pull request's commit. */
async function scene(t: Test) {
  const dir = t.testdir({ tests: {} });
  const { bare, commits } = await makeRepository({ recipe: 'good', into: join(dir, 'good.git') });
  const forge = await startForge({ root: dir });
  t.teardown(forge.close);
  forge.addUser('ana');
  forge.addOrganisation('recipes', ['ana']);
  forge.addRepository('recipes', 'good', bare);
  const { pr: _pr, comment: _comment, ...plain } = triggerExample;
  const trigger = {
    ...plain,
    recipe: 'good',
    repo: `${forge.url}/recipes/good.git`,
    ref: commits.pr as string,
  };
  const ending = new AbortController();
  const options = {
    testsDir: join(dir, 'tests'),
    allowLocal: false,
    forgeUrls: [forge.url],
    stamping: { by: 'ccci-stage/0.0.0', now: () => new Date('2026-11-23T10:00:00.000Z') },
    signal: ending.signal,
  };
  await mkdir(join(dir, 'work'));
  return { forge, ending, take: () => checkOut(trigger, options, join(dir, 'work')) };
}

const git = { method: 'POST', path: /git-upload-pack/ };

t.test('a forge that is away for a moment is asked again, twice', async (t) => {
  const { forge, take } = await scene(t);
  const struck = forge.misbehave({ match: git, times: 2, fault: { status: 503 } });
  const found = await take();
  t.equal(struck.count(), 2);
  t.match(found, { kind: 'found', outcome: { status: 'pass' } });
});

t.test('a forge that stays away is infrastructure', async (t) => {
  const { forge, take } = await scene(t);
  const struck = forge.misbehave({ match: git, times: 100, fault: { status: 503 } });
  t.match(await take(), { kind: 'failed', outcome: { status: 'fail', cause: 'infra', summary: /.+/ } });
  t.equal(struck.count(), 3, 'three attempts');
});

t.test('whoever ends the run does not wait for the next attempt', async (t) => {
  const { forge, ending, take } = await scene(t);
  const struck = forge.misbehave({ match: git, times: 100, fault: { status: 503 } });
  const taking = take();
  await forge.waitFor(() => struck.count() > 0, { what: 'the first attempt' });
  ending.abort({ verdict: 'cancelled', why: 'enough' });
  t.match(await taking, { kind: 'failed', outcome: { status: 'unver' } });
  t.equal(struck.count(), 1);
});
