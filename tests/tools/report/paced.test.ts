import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { makePaced } from '../../../tools/report/paced.ts';

t.test(
  'asked for often, done at once and then once in a while; nothing is forgotten at the end',
  async (t) => {
    let done = 0;
    let go = () => {};
    const pauses: number[] = [];
    const work = async () => {
      done += 1;
    };
    const paced = makePaced(work, {
      ms: 3_000,
      pause: (ms, signal) => {
        pauses.push(ms);
        return new Promise<void>((resolve) => {
          go = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      },
    });
    for (let times = 0; times < 100; times += 1) paced.wake();
    await setImmediate();
    t.equal(done, 1);
    for (let times = 0; times < 100; times += 1) paced.wake();
    await setImmediate();
    t.equal(done, 1, 'not before its time');
    go();
    await setImmediate();
    t.equal(done, 2);
    paced.wake();
    await paced.stop();
    t.equal(done, 3, 'what was asked for is done before the end');
    paced.wake();
    await paced.stop();
    t.equal(done, 3);
    t.same([...new Set(pauses)], [3_000]);
  },
);
