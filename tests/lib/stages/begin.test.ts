import { triggerExample } from '@ccci/lib/records/trigger.ts';
import { openEventLog } from '@ccci/lib/runs/events.ts';
import { openRun } from '@ccci/lib/runs/open.ts';
import { readEvents } from '@ccci/lib/runs/read.ts';
import { beginRun } from '@ccci/lib/stages/begin.ts';
import { makeTimeLimit } from '@ccci/lib/stages/time-limit.ts';
import t from 'tap';

t.test('that the checkout goes on is written before anything is known of the commit', async (t) => {
  const runs = t.testdir();
  const run = triggerExample.key;
  const directory = await openRun({ runs, id: run });
  const events = await openEventLog(directory.dir);
  const limit = makeTimeLimit(new AbortController().signal, () => performance.now());
  const stamping = { by: 'ccci-stage/0.0.0', now: () => new Date('2026-11-23T10:00:00.000Z') };
  t.teardown(async () => {
    limit.stop();
    await events.close();
    await directory.close();
  });
  const written = async () => {
    const all = [];
    for await (const { type, run, stage, status } of readEvents(runs, triggerExample.key))
      all.push({ type, run, stage, status });
    return all;
  };
  const begun = await beginRun(triggerExample, { run, attempt: 1, stamping }, { events, directory, limit });
  t.match(await written(), [{ type: 'trigger' }, { type: 'stage.started', run, stage: 'checkout' }]);
  await begun.endCheckout({ status: 'pass', on: null, ms: 12 });
  t.match((await written()).at(-1), { type: 'stage.finished', stage: 'checkout', status: 'pass' });
  t.match(begun.recorder.rows(), [{ name: 'checkout', status: 'pass', ms: 12 }]);
});
