import { writeFileSync } from 'node:fs';
import { tickExample } from '@ccci/lib/records/tick.ts';
import { prepareState, statePaths } from '@ccci/lib/state/layout.ts';
import { readTicks, storeTicks } from '@ccci/lib/state/ticks.ts';
import t from 'tap';

const health = { at: '2026-11-23T10:16:00.000Z', good: null, failures: 1, says: 'no answer' };

t.test('what a tick says of its sources is kept, and that of others too', async (t) => {
  const state = t.testdir();
  await prepareState(state);
  t.same(await readTicks(state), {});
  await storeTicks(state, tickExample);
  await storeTicks(state, { ...tickExample, sources: { 'codeberg/coop': health } });
  t.same(await readTicks(state), { ...tickExample.sources, 'codeberg/coop': health });
  const { sources: _, ...silent } = tickExample;
  await storeTicks(state, silent);
  t.equal(Object.keys(await readTicks(state)).length, 2);
});

t.test('a damaged file is named, with what to do', async (t) => {
  const state = t.testdir();
  await prepareState(state);
  writeFileSync(statePaths(state).ticks, '{"gitea/recipes":{"at":1}}');
  await t.rejects(readTicks(state), { status: 74, code: 'damaged-file', hint: /remove it/ });
});
