import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { journalPath } from '@ccci/lib/state/layout.ts';
import t, { type Test } from 'tap';
import { openAnswer, saveAnswer } from '../../../tools/report/answer.ts';
import { placeOf, readEntry, type Where } from '../../../tools/report/entry.ts';
import { stateWith, triggerOf } from '../../lib/state/scene.ts';

/** A trigger whose journal is gone, with what was noted of its answer. */
async function readThinned(t: Test, final: boolean) {
  const state = join(t.testdir(), 'state');
  const trigger = triggerOf(1);
  const [file = ''] = await stateWith(state, trigger);
  unlinkSync(journalPath(state, 'new', file));
  const place = placeOf(trigger);
  if (place === null) throw new Error('the trigger is of no pull request');
  await saveAnswer(state, { ...(await openAnswer(state, 'gitea-1', place)), final });
  const where = { state, runs: join(state, 'runs'), live: () => undefined, findFile: async () => undefined };
  return await readEntry(file, where as unknown as Where);
}

t.test('a trigger that was answered, and whose journal the janitor has thinned out, is over', async (t) => {
  t.equal((await readThinned(t, true))?.state, 'over', 'it does not wait: nothing more is posted');
});

t.test('one that was not answered to its end waits, whatever became of its journal', async (t) => {
  t.equal((await readThinned(t, false))?.state, 'waiting');
});
