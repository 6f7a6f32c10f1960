/** When nothing may begin: a full disk, closed slots; and how a run closes one. */

import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import { closeSlot, listClosedSlots, openSlot } from '@ccci/lib/state/closed-slots.ts';
import { prepareState } from '@ccci/lib/state/layout.ts';
import { listQueue } from '@ccci/lib/state/queue.ts';
import t from 'tap';
import { checkOpenSlots, closeSlotAfter } from '../../../tools/stage/slots.ts';
import { inQueue, makeScene, stamping, triggerOf } from './scene.ts';

const at = '2026-11-23T10:15:00.000Z';
const left = 'left on the engine: volume x_data (in use)';
const full = new Failure(exitStatus.leftOver, 'disk-pressure', 'the disk is full: 3 MiB are free');

/** Room that comes and goes. */
function makeRoom() {
  const room = { isThere: false, looks: 0 };
  const checkRoom = async () => {
    room.looks += 1;
    if (!room.isThere) throw full;
  };
  return { room, checkRoom };
}

t.test('L60 on a full disk nothing is claimed, it is said once, and the queue waits', async (t) => {
  const state = t.testdir();
  await inQueue(state, triggerOf(1));
  const { room, checkRoom } = makeRoom();
  const scene = makeScene(state, { isSpool: true, checkRoom });
  scene.endInput();
  await scene.until(() => scene.output.length === 1);
  t.match(scene.output, [{ type: 'error', key: 'gitea-1', message: /the disk is full/ }]);
  for (const looks of [2, 3]) {
    scene.look();
    while (room.looks < looks) await new Promise((resolve) => setImmediate(resolve));
  }
  t.equal((await listQueue(state, 'new')).length, 1, 'nothing is claimed');
  room.isThere = true;
  scene.look();
  await scene.until(() => scene.begun.length === 1);
  scene.begun[0]?.done();
  scene.stopping.abort('SIGTERM');
  await scene.over;
  t.equal(scene.output.filter(({ type }) => type === 'error').length, 1, 'said once');
  t.same([scene.troubles, scene.noted], [['disk-pressure'], []], 'it passed: no exit status tells of it');
});

t.test('L60 in a pipe it waits while more may come, and is left for the next start at the end', async (t) => {
  const state = t.testdir();
  const [first, second] = await inQueue(state, triggerOf(1), triggerOf(2));
  const { room, checkRoom } = makeRoom();
  const scene = makeScene(state, { checkRoom });
  await scene.give(first as object);
  await scene.until(() => scene.output.some(({ type }) => type === 'error'));
  room.isThere = true;
  scene.look();
  await scene.until(() => scene.begun.length === 1);
  room.isThere = false;
  scene.begun[0]?.done();
  await scene.give(second as object);
  scene.endInput();
  await scene.over;
  t.equal((await listQueue(state, 'new')).length, 1);
  t.same(scene.noted, [75], 'something is left for the next start');
});

t.test('a closed slot takes no work until it is opened', async (t) => {
  const state = t.testdir();
  await inQueue(state, triggerOf(1), triggerOf(2));
  await closeSlot(state, { run: 'gitea-7', at, left });
  const scene = makeScene(state, { isSpool: true, slots: 2 });
  scene.endInput();
  await scene.until(() => scene.begun.length === 1 && scene.output.some(({ type }) => type === 'error'));
  t.match(
    scene.output.find(({ type }) => type === 'error')?.message,
    `a slot is closed: run gitea-7 has ${left}`,
  );
  t.equal(scene.begun.length, 1, 'one of two slots is open');
  await openSlot(state, 'gitea-7');
  scene.look();
  await scene.until(() => scene.begun.length === 2);
  for (const { done } of scene.begun) done();
  scene.stopping.abort('SIGTERM');
  await scene.over;
  t.same(scene.troubles, ['slots-closed']);
});

t.test('slots that are busy, and slots that are closed', async (t) => {
  const state = t.testdir();
  await prepareState(state);
  await checkOpenSlots(state, { slots: 1, busy: 1 });
  for (const run of ['gitea-1', 'gitea-2']) await closeSlot(state, { run, at, left });
  await checkOpenSlots(state, { slots: 3, busy: 0 });
  await t.rejects(checkOpenSlots(state, { slots: 3, busy: 1 }), {
    code: 'slots-closed',
    message: /^2 slots are/,
  });
});

t.test('a run that leaves something behind closes its slot and alarms; a clean one does not', async (t) => {
  const state = t.testdir();
  await prepareState(state);
  const alarms: string[] = [];
  const where = { state, stamping, noteTrouble: ({ message }: Failure) => void alarms.push(message) };
  const end = (clean_teardown: boolean) =>
    ({
      kind: 'finished',
      results: {
        run_id: 'gitea-1',
        flags: { clean_teardown },
        stages: [
          {
            name: 'teardown',
            status: clean_teardown ? 'pass' : 'fail',
            summary: clean_teardown ? null : left,
          },
        ],
      },
    }) as unknown as Parameters<typeof closeSlotAfter>[0];
  await closeSlotAfter(end(true), where);
  await closeSlotAfter({ kind: 'given-back' }, where);
  t.same(await listClosedSlots(state), []);
  await closeSlotAfter(end(false), where);
  t.match(await listClosedSlots(state), [{ run: 'gitea-1', left }]);
  t.same(alarms, [`run gitea-1 could not be removed, so its slot is closed: ${left}`]);
});
