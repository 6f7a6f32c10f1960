import { stackName } from '@ccci/lib/recipe/names.ts';
import { readResults } from '@ccci/lib/runs/results.ts';
import { listQueue } from '@ccci/lib/state/queue.ts';
import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { leftOnEngine, nothing } from '../support/journey/left.ts';
import { enrolment, pipeline, shell } from '../support/journey/pipeline.ts';
import { maintainer, makeSite, organisation } from '../support/journey/site.ts';
import { is, start } from '../tools/stage/start.ts';

await enterBox(import.meta.url);

t.test('Ctrl-C on the whole pipe: removed, cancelled, and the comment says so', async (t) => {
  const site = await makeSite({ dir: t.testdir(), recipes: ['good'] });
  t.teardown(site.close);
  const [recipe] = site.recipes;
  if (recipe === undefined) throw new Error('no recipe');
  t.equal((await shell(site, enrolment)).exit, 0);
  const comment = site.forge.comment(organisation, recipe.name, recipe.pull, maintainer, '!testme');
  // The shell waits for the end of the pipe, as one at a terminal does, and tells each program's status.
  const line = `trap : INT; ${pipeline}; echo "[\${PIPESTATUS[*]}]" | tr ' ' ','`;
  const pipe = start(['bash', '--norc', '-c', line], { cwd: site.dir, env: site.env });
  const started = await pipe.until(is('run.started'), 'the run begins');
  await pipe.until(is('stage.started', 'install'), 'install begins');
  pipe.signal('SIGINT');
  const { records, stderr } = await pipe.ended;
  t.same(
    records.at(-1),
    [0, 0, 130, 130],
    `poll and dedupe were through, the others end by the signal: ${stderr}`,
  );
  t.notMatch(stderr, /this is a bug/);

  const key = `gitea-${comment.id}`;
  t.match(records.find(is('run.finished')), { key, verdict: 'cancelled' }, 'report had its last words');
  t.match(await readResults(site.runs, key), { verdict: 'cancelled', flags: { clean_teardown: true } });
  t.same(leftOnEngine(stackName(String(started.domain))), nothing, 'nothing is left on the engine');
  t.equal((await listQueue(site.state, 'done')).length, 1, 'what a person ended is done');

  const [status] = site.forge.statuses(organisation, recipe.name, recipe.head).sort((a, b) => b.id - a.id);
  t.match(status, { context: 'ccci/testme', state: 'error', description: /cancelled/i });
  const ours = site.forge
    .comments(organisation, recipe.name, recipe.pull)
    .filter((one) => one.user === 'ccci-bot');
  t.equal(ours.length, 1, 'one comment of ours at rest');
  t.match(ours[0]?.body, /cancelled/i);
  t.match(ours[0]?.body, /Ctrl-C/);
  t.notMatch(ours[0]?.body, /failed/i, 'never "failed"');
  t.same(site.forge.problems, [], 'the forge answered as Gitea does');
});
