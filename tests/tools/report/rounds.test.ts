import t from 'tap';
import { makeRounds } from '../../../tools/report/rounds.ts';

const quiet = { dueMs: null, going: null } as const;

const fail = (error: unknown) => {
  throw error;
};

t.test('one go at a time for each, and what comes in between makes another one', async (t) => {
  const log: string[] = [];
  let release = () => {};
  const rounds = makeRounds({
    bring: async (thread) => {
      log.push(`begin ${thread}`);
      if (log.length === 1) await new Promise<void>((resolve) => (release = resolve));
      log.push(`end ${thread}`);
      return { rest: 'done', retryAfterMs: 0, ...quiet };
    },
    pause: async () => {},
    fail,
  });
  rounds.wake('a');
  rounds.wake('a');
  rounds.wake('a');
  await new Promise((resolve) => setImmediate(resolve));
  rounds.wake('a');
  release();
  await rounds.atRest();
  t.same(log, ['begin a', 'end a', 'begin a', 'end a']);
  t.same(rounds.left(), []);
});

t.test(
  'passing failures are tried again after growing pauses, and a longer one that the forge asks for',
  async (t) => {
    const pauses: number[] = [];
    let goes = 0;
    const rounds = makeRounds({
      bring: async () => ({
        rest: ++goes < 10 ? 'again' : 'done',
        retryAfterMs: goes === 2 ? 90_000 : 0,
        ...quiet,
      }),
      pause: async (ms) => void pauses.push(ms),
      fail,
    });
    rounds.wake('a');
    await rounds.atRest();
    t.same(pauses, [1_000, 90_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    t.same(rounds.left(), []);
  },
);

t.test('what is refused is left, and stopping leaves the rest', async (t) => {
  const rounds = makeRounds({
    bring: async (thread) => ({ rest: thread === 'a' ? 'stuck' : 'again', retryAfterMs: 0, ...quiet }),
    pause: (_, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    fail,
  });
  rounds.wake('a');
  rounds.wake('b');
  await new Promise((resolve) => setImmediate(resolve));
  await rounds.stop();
  t.same(rounds.left(), ['a', 'b']);
});
