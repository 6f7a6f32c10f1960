import { once } from 'node:events';
import { makeTimeLimit } from '@ccci/lib/stages/time-limit.ts';
import t from 'tap';

const start = Date.parse('2026-11-23T10:00:00.000Z');

t.test('the limit counts from the start of the run, checkout included', async (t) => {
  let now = start;
  const limit = makeTimeLimit(new AbortController().signal, () => now);
  now += 3_600_000;
  limit.start(3600);
  if (!limit.signal.aborted) await once(limit.signal, 'abort');
  t.match(limit.signal.reason, { verdict: 'over-time', why: 'the run took longer than 3600 s' });
});

t.test('whatever ends the run ends it first', async (t) => {
  const outer = new AbortController();
  const limit = makeTimeLimit(outer.signal, () => start);
  limit.start(3600);
  outer.abort('told so');
  t.equal(limit.signal.reason, 'told so');
  limit.stop();
});

t.test('a limit of weeks does not end the run at once', async (t) => {
  const limit = makeTimeLimit(new AbortController().signal, () => start);
  limit.start(30 * 86_400);
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  t.notOk(limit.signal.aborted);
  limit.stop();
});

t.test('pictures cost the run none of its time', async (t) => {
  let now = start;
  const limit = makeTimeLimit(new AbortController().signal, () => now);
  now += 3_599_000;
  limit.start(3600);
  const taken = await limit.aside(async () => {
    now += 60_000;
    await new Promise((resolve) => setImmediate(resolve));
    return 'taken';
  });
  t.equal(taken, 'taken');
  await new Promise((resolve) => setImmediate(resolve));
  t.notOk(limit.signal.aborted, 'a second is left');
  await t.rejects(limit.aside(() => Promise.reject(new Error('no picture'))));
  now += 1_000;
  await limit.aside(async () => {});
  if (!limit.signal.aborted) await once(limit.signal, 'abort');
  t.match(limit.signal.reason, { verdict: 'over-time' }, 'the rest of the time still ends it');
});
