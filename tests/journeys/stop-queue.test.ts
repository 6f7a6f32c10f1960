import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stackName } from '@ccci/lib/recipe/names.ts';
import type { Results } from '@ccci/lib/records/results.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { journalPath } from '@ccci/lib/state/layout.ts';
import { listQueue, readJournal } from '@ccci/lib/state/queue.ts';
import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { leftOnEngine, nothing } from '../support/journey/left.ts';
import { checkOut, enqueue, fromForge, makeHome, startStage } from '../tools/stage/home.ts';
import { is, start } from '../tools/stage/start.ts';

await enterBox(import.meta.url);

const isFull = process.env.CCCI_SCALE === 'full';
const stages = isFull
  ? (['install', 'backup', 'restore', 'custom', 'upgrade'] as const)
  : (['backup'] as const);
/** As little as the stop needs; all of it in a full proof. */
const options = isFull ? {} : { stages: ['backup'] };
const home = makeHome(t.testdir());
const good = await checkOut(home, 'good', { as: 'queue' });
const trigger = (id: number, options = {}) =>
  fromForge(id, { recipe: 'queue', repo: good.dir, ref: good.commit, options });

for (const [index, stage] of stages.entries()) {
  const key = `gitea-${400 + index}`;
  t.test(`SIGTERM in ${stage} gives a queued run back, and the next start runs it to its end`, async (t) => {
    const run = startStage(home, await enqueue(home, [trigger(400 + index, options)]));
    await run.until(is('stage.started', stage), `${stage} begins`);
    run.signal('SIGTERM');
    const { exit, records, stderr } = await run.ended;
    t.equal(exit, 143, stderr);
    t.notMatch(stderr, /this is a bug/);
    t.notOk(records.some(is('run.finished')), 'no verdict');
    t.notOk(existsSync(join(home.runs, key, 'results.json')));
    t.notOk(existsSync(join(home.runs, key, 'work')), 'checkout, secrets and snapshots are gone');
    t.equal((await listQueue(home.state, 'new')).length, 1, 'back in the queue');
    t.same(leftOnEngine('queu'), nothing, 'nothing is left on the engine');

    const line = 'ccci-dedupe </dev/null | ccci-stage --allow-local | head -n 3; echo "${PIPESTATUS[1]}"';
    const again = await start(['bash', '--norc', '-c', line], { cwd: home.dir, env: home.env }).ended;
    t.equal(again.records.at(-1), 0, `its reader left, and it went on to its commit: ${again.stderr}`);
    t.match(resultsOf(`${key}.2`), { verdict: 'green' });
    t.same(await listQueue(home.state, 'new'), []);
    t.match(
      await journalOf(key),
      ['trigger', 'claim 1', 'queued', 'claim 1', 'run.finished'],
      'no attempt is lost',
    );
    t.same(leftOnEngine('queu'), nothing);
  });
}

t.test('what a killed stage left is removed, and the next attempt ends well', async (t) => {
  const run = startStage(home, await enqueue(home, [trigger(501, { quick: true })]));
  await run.until((record) => record.type === 'test' && record.stage === 'install', 'it is deployed');
  run.signal('SIGKILL');
  t.equal((await run.ended).exit, 'SIGKILL');
  const dead = stackName(String((await run.ended).records.find(is('run.started'))?.domain));
  t.equal(leftOnEngine(dead).service?.length, 1, 'a dead one leaves things behind');
  t.ok(existsSync(join(home.runs, 'gitea-501', 'work')));

  const again = startStage(home, await enqueue(home));
  const started = await again.until(is('run.started'), 'the next attempt begins');
  t.equal(started.run, 'gitea-501.2');
  t.same(leftOnEngine(dead), nothing, 'all of the dead one is removed before');
  t.notOk(existsSync(join(home.runs, 'gitea-501', 'work')), 'its secrets too');
  const { exit, records } = await again.ended;
  t.equal(exit, 0);
  t.match(records.find(is('run.finished')), { key: 'gitea-501', run: 'gitea-501.2', verdict: 'green' });
  t.match(await journalOf('gitea-501'), ['trigger', 'claim 1', 'claim 2', 'run.finished']);
  t.same(leftOnEngine('queu'), nothing);
});

t.test('after three deaths the verdict is infra, without another deployment', async (t) => {
  await enqueue(home, [trigger(502)]);
  const first = startStage(home, await enqueue(home));
  await first.until(is('stage.started', 'install'), 'install begins');
  first.signal('SIGINT');
  first.signal('SIGTERM');
  const { exit, records } = await first.ended;
  t.match(exit, /^(130|143)$/, 'a second signal ends at once');
  t.notOk(records.some(is('run.finished')), 'without a last word');
  for (const _death of ['second', 'third']) {
    const next = startStage(home, await enqueue(home));
    await next.until(is('run.started'), 'it begins');
    next.signal('SIGKILL');
    await next.ended;
  }
  const last = await startStage(home, await enqueue(home)).ended;
  t.equal(last.exit, 0);
  const finished = last.records.find(is('run.finished'));
  t.match(finished, { run: 'gitea-502.4', verdict: 'infra', reason: /ccci died three times on this/ });
  t.same(
    last.records.filter(is('stage.started')).map(({ stage }) => stage),
    ['checkout'],
  );
  t.match(resultsOf('gitea-502.4'), { verdict: 'infra', level: 0 });
  t.same(leftOnEngine('queu'), nothing, 'and all of the dead ones is gone');
  t.same(await listQueue(home.state, 'cur'), []);
});

function resultsOf(run: string): Results {
  return JSON.parse(readFileSync(join(home.runs, run, 'results.json'), 'utf8')) as Results;
}

/** What became of a key, in words: types, and of claims their attempt. */
async function journalOf(key: string): Promise<string[]> {
  const file = (await listQueue(home.state, 'done')).find((name) => name.endsWith(`-${key}`));
  const records = await readJournal(journalPath(home.state, 'done', String(file)));
  return records.map((record: AnyRecord) =>
    record.type === 'claim' ? `claim ${record.attempt}` : record.type,
  );
}
