import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stackName } from '@ccci/lib/recipe/names.ts';
import { cancelExample } from '@ccci/lib/records/cancel.ts';
import type { Results } from '@ccci/lib/records/results.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { leftOnEngine, nothing } from '../support/journey/left.ts';
import { checkOut, enqueue, fromForge, makeHome, startStage } from '../tools/stage/home.ts';
import { is } from '../tools/stage/start.ts';

await enterBox(import.meta.url);

const stages = ['policy', 'pull', 'install', 'backup', 'restore', 'custom', 'upgrade'] as const;
type Point = { readonly stage: (typeof stages)[number]; readonly by: 'cancel' | 'newer' };

/** Each stage once for `!cancel` and once for a newer trigger, or where most is at stake. */
const points: readonly Point[] =
  process.env.CCCI_SCALE === 'full'
    ? stages.flatMap((stage) => [{ stage, by: 'cancel' } as const, { stage, by: 'newer' } as const])
    : [
        { stage: 'pull', by: 'newer' },
        { stage: 'backup', by: 'cancel' },
        { stage: 'upgrade', by: 'newer' },
      ];

/** From the word to the end of the run, teardown included; a wait that nobody can end would take minutes. */
const boundMs = 90_000;

const home = makeHome(t.testdir());
const good = await checkOut(home, 'good', { as: 'word' });
const older = 'a'.repeat(40);

for (const [index, { stage, by }] of points.entries()) {
  const id = 600 + 10 * index;
  t.test(
    `L23 ${by === 'cancel' ? '!cancel' : 'a newer trigger'} in ${stage} ends the run, says by whom, leaves nothing`,
    async (t) => {
      await enqueue(home, [triggerOf(id)]);
      const run = startStage(home, [], { args: ['--spool', home.state, '--idle-ms', '1'], limitMs: 300_000 });
      const started = await run.until(is('run.started'), 'the run begins');
      await run.until(is('stage.started', stage), `${stage} begins`);
      const saidAt = performance.now();
      await enqueue(home, [by === 'cancel' ? cancelOf(id) : { ...triggerOf(id, id + 1), ref: older }]);
      const finished = await run.until(is('run.finished'), 'it ends');
      t.ok(performance.now() - saidAt < boundMs, 'in bounded time');
      const verdict = by === 'cancel' ? 'cancelled' : 'superseded';
      const reason = by === 'cancel' ? /^cancelled by ana$/ : /^ana's newer comment asks for aaaaaaaaaaaa$/;
      t.match(finished, { key: `gitea-${id}`, verdict, reason });
      const { stderr } = await run.ended;
      t.notMatch(stderr, /this is a bug/);
      const path = join(home.runs, `gitea-${id}`, 'results.json');
      const results = JSON.parse(readFileSync(path, 'utf8')) as Results;
      t.match(results, { verdict, flags: { clean_teardown: true } });
      t.notOk(
        results.stages.some(({ status }) => status === 'fail'),
        'never "failed"',
      );
      t.notOk(existsSync(join(home.runs, `gitea-${id}`, 'work')), 'checkout, secrets and snapshots are gone');
      t.same(leftOnEngine(stackName(String(started.domain))), nothing, 'nothing is left on the engine');
    },
  );
}

function pull(number: number): NonNullable<Trigger['pr']> {
  return { ...cancelExample.pr, number } as NonNullable<Trigger['pr']>;
}

function triggerOf(number: number, id = number): Trigger {
  return fromForge(id, { recipe: 'word', repo: good.dir, ref: good.commit, pr: pull(number) });
}

function cancelOf(number: number) {
  return { ...cancelExample, key: `gitea-${number + 1}`, name: 'word', pr: pull(number) };
}
