import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import { triggerExample } from '@ccci/lib/records/trigger.ts';
import t, { type Test } from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { leftOnEngine, nothing } from '../support/journey/left.ts';
import { layTests } from '../support/repository/recipe.ts';
import { resultsOf } from '../support/stage-kills.ts';
import { byHand, checkOut, enqueue, fromForge, makeHome, startStage } from '../tools/stage/home.ts';
import { is } from '../tools/stage/start.ts';

await enterBox(import.meta.url);

/** Every service of it asks for every name of its stack, over and over, and notes who else answered. */
const recipe = 'knows-itself';
const home = makeHome(t.testdir());
const one = await checkOut(home, recipe);
await layTests(recipe, join(home.dir, 'tests', recipe));
const isFull = process.env.CCCI_SCALE === 'full';
const rounds = isFull ? 5 : 1;
const options = isFull ? {} : { quick: true };

for (let round = 0; round < rounds; round += 1) {
  t.test(
    `L20 L22 four runs at once of one recipe: all green, no name is answered by another stack (${round})`,
    async (t) => {
      const input = Array.from({ length: 4 }, () => byHand(one, options));
      const run = startStage(home, input, { args: ['--slots', '4'], limitMs: 600_000 });
      const { exit, records, stderr } = await run.ended;
      t.equal(exit, 0, stderr);
      t.ok(overlap(records) >= 3, 'they were at it at the same time');
      expectGreen(t, records, 4);
    },
  );
}

t.test('L20 L22 two pull requests of one recipe at once, by two processes', async (t) => {
  appendFileSync(join(one.dir, 'README.md'), 'Another change.\n');
  const git = ['-c', 'user.name=Ana', '-c', 'user.email=ana@recipes.invalid', '-C', one.dir];
  execFileSync('git', [...git, 'commit', '--quiet', '--all', '--message', 'Another change']);
  const other = execFileSync('git', ['-C', one.dir, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  const pull = (number: number, ref: string) => {
    const pr = { ...(triggerExample.pr as NonNullable<Trigger['pr']>), number };
    return fromForge(700 + number, { recipe, repo: one.dir, ref, pr, options });
  };
  await enqueue(home, [pull(1, one.commit), pull(2, other)]);
  const args = ['--spool', home.state, '--idle-ms', '1'];
  const runs = [1, 2].map(() => startStage(home, [], { args, limitMs: 600_000 }));
  const ended = await Promise.all(runs.map((run) => run.ended));
  const records = ended.flatMap((end) => end.records);
  t.same(
    ended.map((end) => end.records.filter(is('run.finished')).length),
    [1, 1],
    'one run each',
  );
  expectGreen(t, records, 2);
});

function expectGreen(t: Test, records: readonly Record<string, unknown>[], count: number): void {
  const finished = records.filter(({ type }) => type === 'run.finished');
  t.equal(finished.length, count);
  const domains = new Set(records.filter(({ type }) => type === 'run.started').map(({ domain }) => domain));
  t.equal(domains.size, count, 'each has a domain of its own');
  for (const { run } of finished) {
    const { verdict, reason, flags, stages } = resultsOf(home, String(run));
    t.equal(verdict, 'green', `${run}: ${reason}`);
    t.equal(flags.clean_teardown, true);
    const custom = stages.flatMap(({ tests }) => tests).filter(({ file }) => file?.startsWith('custom/'));
    const names = custom.filter(({ name }) => name.startsWith('every name'));
    t.match(names, [{ status: 'pass' }], `the names were asked for: ${JSON.stringify(custom)}`);
  }
  t.same(leftOnEngine('know'), nothing);
}

/** How many runs were between their beginning and their end at most. */
function overlap(records: readonly Record<string, unknown>[]): number {
  let now = 0;
  let most = 0;
  for (const { type } of records) {
    if (type === 'run.started') now += 1;
    if (type === 'run.finished') now -= 1;
    most = Math.max(most, now);
  }
  return most;
}
