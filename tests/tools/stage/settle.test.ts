import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Cancel, cancelExample } from '@ccci/lib/records/cancel.ts';
import { dropSchema } from '@ccci/lib/records/drop.ts';
import { dropOf } from '@ccci/lib/records/drop-of.ts';
import { encodeLine } from '@ccci/lib/records/encode.ts';
import { resultsExample } from '@ccci/lib/records/results.ts';
import { runFinishedExample } from '@ccci/lib/records/run-finished.ts';
import { finishedOf } from '@ccci/lib/runs/finished.ts';
import { claim } from '@ccci/lib/state/claim.ts';
import { journalPath } from '@ccci/lib/state/layout.ts';
import { listQueue, readJournal } from '@ccci/lib/state/queue.ts';
import t from 'tap';
import { settleCancel, settleFinished } from '../../../tools/stage/settle.ts';
import { inQueue, stamping, triggerOf } from './scene.ts';

t.test(
  'a dead claim whose result is durable is committed; one without is left to the next attempt',
  async (t) => {
    const state = t.testdir();
    const where = { state, runs: join(state, 'runs'), stamping };
    const [first, second] = await inQueue(state, triggerOf(1), triggerOf(2));
    for (const { spool } of [first, second] as { spool: string }[])
      (await claim(state, spool, where))?.release();
    writeRun(where.runs, 'gitea-1', { whole: true });
    writeRun(where.runs, 'gitea-2', { whole: false });
    t.equal(await finishedOf(where.runs, 'gitea-2'), null, 'results.json says whether it is durable');
    await settleFinished(where);
    t.same(await listQueue(state, 'done'), [first?.spool]);
    t.same(await listQueue(state, 'cur'), [second?.spool]);
    const journal = await readJournal(journalPath(state, 'done', String(first?.spool)));
    t.match(journal.at(-1), { type: 'run.finished', run: 'gitea-1' });
  },
);

t.test('a claim that lives is nobody else’s to settle', async (t) => {
  const state = t.testdir();
  const where = { state, runs: join(state, 'runs'), stamping };
  const [first] = await inQueue(state, triggerOf(1));
  const claimed = await claim(state, String(first?.spool), where);
  writeRun(where.runs, 'gitea-1', { whole: true });
  await settleFinished(where);
  t.same(await listQueue(state, 'cur'), [first?.spool]);
  claimed?.release();
});

t.test('a cancel goes to done as a drop; one by hand has no file', async (t) => {
  const state = t.testdir();
  const where = { state, runs: join(state, 'runs'), stamping };
  const [cancel] = await inQueue<Cancel>(state, { ...cancelExample, key: 'gitea-5' });
  await settleCancel(cancel ?? cancelExample, where);
  const [file = ''] = await listQueue(state, 'done');
  t.match((await readJournal(journalPath(state, 'done', file))).at(-1), {
    type: 'drop',
    reason: 'cancelled',
    key: 'gitea-5',
    pr: { number: 3 },
  });
  await settleCancel(cancelExample, where);
  t.equal((await listQueue(state, 'done')).length, 1);
});

t.test('a drop says where to answer', async (t) => {
  const drop = dropOf(triggerOf(1), { reason: 'cancelled', detail: 'cancelled by ana' }, stamping);
  t.match(drop, { type: 'drop', key: 'gitea-1', reason: 'cancelled', forge: 'gitea', pr: { number: 1 } });
  t.ok(dropSchema.safeParse(drop).success);
});

/** A run's directory whose log ends with `run.finished`, with its `results.json` or not. */
function writeRun(runs: string, run: string, { whole }: { readonly whole: boolean }): void {
  const dir = join(runs, run);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'events.ndjson'), encodeLine({ ...runFinishedExample, run, key: run }));
  if (whole) writeFileSync(join(dir, 'results.json'), JSON.stringify({ ...resultsExample, run_id: run }));
}
