import t from 'tap';
import { jittered, slower, steady } from '../../../tools/poll/pace.ts';

t.test('waits double up to half a minute', async (t) => {
  const waits: number[] = [];
  let pace = steady;
  for (let at = 0; at < 5; at += 1) {
    pace = slower(pace, { now: 1_000, intervalMs: 5_000, retryAfterMs: null });
    waits.push(pace.notBefore - 1_000);
  }
  t.same(waits, [5_000, 10_000, 20_000, 30_000, 30_000]);
});

t.test('the server may ask for more, within reason', async (t) => {
  const wait = (retryAfterMs: number) =>
    slower(steady, { now: 0, intervalMs: 5_000, retryAfterMs }).notBefore;
  t.same([wait(1_000), wait(120_000), wait(1e9)], [5_000, 120_000, 900_000]);
});

t.test('ten per cent of jitter', async (t) => {
  t.same(
    [0, 0.5, 0.999].map((random) => jittered(5_000, () => random)),
    [4_500, 5_000, 5_499],
  );
});
