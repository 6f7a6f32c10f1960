import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeSlot, listClosedSlots, openSlot } from '@ccci/lib/state/closed-slots.ts';
import { prepareState } from '@ccci/lib/state/layout.ts';
import t from 'tap';

const slot = { run: 'gitea-1', at: '2026-11-23T10:15:00.000Z', left: 'left on the engine: volume x_data' };

t.test('a slot is closed by a run once, and opened by its id', async (t) => {
  const state = t.testdir();
  await prepareState(state);
  t.same(await listClosedSlots(state), []);
  await closeSlot(state, slot);
  await closeSlot(state, { ...slot, left: 'more' });
  await closeSlot(state, { ...slot, run: 'gitea-2' });
  t.match(await listClosedSlots(state), [{ run: 'gitea-1', left: 'more' }, { run: 'gitea-2' }]);
  await openSlot(state, 'gitea-1');
  await openSlot(state, 'gitea-1');
  t.match(await listClosedSlots(state), [{ run: 'gitea-2' }]);
});

t.test('a run id is no path; a damaged file is a failure that names it', async (t) => {
  const state = t.testdir();
  await prepareState(state);
  await t.rejects(closeSlot(state, { ...slot, run: '../x' }));
  mkdirSync(join(state, 'closed'), { recursive: true });
  writeFileSync(join(state, 'closed', 'x.json'), '{}');
  await t.rejects(listClosedSlots(state), { status: 74, code: 'damaged-file', message: /x\.json/ });
});
