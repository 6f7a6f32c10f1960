import { lockNoRuns, lockTurn } from '@ccci/lib/state/alone.ts';
import { statePaths } from '@ccci/lib/state/layout.ts';
import { lockFile } from '@ccci/lib/state/lock.ts';
import t from 'tap';

const never = new AbortController().signal;
const beside = { isAlone: false, signal: never, onWait: () => {} };

/** Asks for a turn and says whether it waits. */
function ask(state: string, isAlone: boolean, signal: AbortSignal = never) {
  let waits = () => {};
  const isWaiting = new Promise<void>((resolve) => (waits = resolve));
  const turn = lockTurn(state, { isAlone, signal, onWait: waits });
  return { turn, isWaiting };
}

t.test(
  'runs go on beside each other; one that is alone waits for them, and none begins meanwhile',
  async (t) => {
    const state = t.testdir();
    const first = await lockTurn(state, beside);
    const second = await lockTurn(state, beside);
    t.ok(first && second, 'side by side');
    const alone = ask(state, true);
    await alone.isWaiting;
    const late = ask(state, false);
    await late.isWaiting;
    first?.release();
    second?.release();
    const its = await alone.turn;
    t.ok(its, 'it has its turn when both have ended');
    t.equal(await lockFile(statePaths(state).lock('running')), null, 'nobody else runs');
    its?.release();
    t.ok(await late.turn, 'who came later had to wait behind it');
    (await late.turn)?.release();
  },
);

t.test('the waiting ends with its signal, and lets the others in', async (t) => {
  const state = t.testdir();
  const first = await lockTurn(state, beside);
  const ending = new AbortController();
  const alone = ask(state, true, ending.signal);
  await alone.isWaiting;
  ending.abort();
  t.equal(await alone.turn, null);
  const next = await lockTurn(state, beside);
  t.ok(next, 'the gate is open again');
  t.equal(await lockTurn(state, { ...beside, signal: AbortSignal.abort() }), null);
  for (const lock of [first, next]) lock?.release();
});

t.test('nothing begins while images are removed, and none are while something runs', async (t) => {
  const state = t.testdir();
  const run = await lockTurn(state, beside);
  t.equal(await lockNoRuns(state), null);
  run?.release();
  const none = await lockNoRuns(state);
  t.ok(none);
  const next = ask(state, false);
  await next.isWaiting;
  none?.release();
  (await next.turn)?.release();
});
