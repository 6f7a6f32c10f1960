import t from 'tap';
import { makeTurns } from '../../../tools/stage/turns.ts';

t.test('who wakes in any microtask after a turn is heard: there is always one more turn', async (t) => {
  for (let delay = 0; delay < 12; delay += 1) {
    let count = 0;
    let reach = () => {};
    const still = new Promise<void>((resolve) => {
      reach = resolve;
    });
    const turns = makeTurns(
      async () => {
        count += 1;
      },
      () => {
        if (count > 1) reach();
      },
    );
    turns.wake();
    for (let step = 0; step < delay; step += 1) await null;
    turns.wake();
    await still;
    t.ok(count >= 2, `after ${delay} microtasks`);
  }
});

t.test('one turn at a time; many that wake during one are one more', async (t) => {
  const open: (() => void)[] = [];
  let ends = 0;
  const turns = makeTurns(
    () => new Promise<void>((resolve) => open.push(resolve)),
    () => {
      ends += 1;
    },
  );
  for (const _ of [1, 2, 3]) turns.wake();
  t.equal(open.length, 1);
  t.notOk(turns.isStill());
  open[0]?.();
  for (let step = 0; step < 5; step += 1) await null;
  t.equal(open.length, 2);
  open[1]?.();
  for (let step = 0; step < 5; step += 1) await null;
  t.same([open.length, ends, turns.isStill()], [2, 1, true]);
});

t.test('what a turn throws is told, and the next one turns', async (t) => {
  const told: unknown[] = [];
  let count = 0;
  const turns = makeTurns(
    async () => {
      count += 1;
      if (count === 1) throw new Error('broken');
    },
    (error) => void told.push(error),
  );
  turns.wake();
  for (let step = 0; step < 5; step += 1) await null;
  turns.wake();
  for (let step = 0; step < 5; step += 1) await null;
  t.match(told, [{ message: 'broken' }, null]);
});
