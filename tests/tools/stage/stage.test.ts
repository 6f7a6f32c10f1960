import { type Cancel, cancelExample } from '@ccci/lib/records/cancel.ts';
import { planExample } from '@ccci/lib/records/plan.ts';
import { listQueue } from '@ccci/lib/state/queue.ts';
import t from 'tap';
import { inQueue, makeScene, triggerOf } from './scene.ts';

const types = (records: readonly { readonly type: string }[]) => records.map(({ type }) => type);

t.test('each record is passed on at once, in order, also while runs go on', async (t) => {
  const scene = makeScene(t.testdir());
  await scene.give(triggerOf(1));
  await scene.until(() => scene.begun.length === 1);
  await scene.give({ type: 'weather' });
  await scene.give(triggerOf(2));
  await scene.give({ type: 'tide' });
  await scene.until(() => scene.output.length === 4);
  t.same(types(scene.output), ['trigger', 'weather', 'trigger', 'tide']);
  t.equal(scene.begun.length, 1, 'the second waits for the slot');
  scene.begun[0]?.done();
  await scene.until(() => scene.begun.length === 2);
  scene.endInput();
  scene.begun[1]?.done();
  await scene.over;
  t.same(types(scene.output.slice(4)), ['run.finished', 'run.finished'], 'runs go on after the input');
});

t.test('as many at a time as there are slots; a plan is run like its trigger', async (t) => {
  const scene = makeScene(t.testdir(), { slots: 2 });
  await scene.give({ ...planExample, trigger: triggerOf(1) });
  await scene.give(triggerOf(2));
  await scene.give(triggerOf(3));
  await scene.until(() => scene.output.length === 3);
  t.same(
    scene.begun.map(({ key }) => key),
    ['gitea-1', 'gitea-2'],
  );
  scene.endInput();
  for (let next = 0; next < 3; next += 1) {
    await scene.until(() => scene.begun.length > next);
    scene.begun[next]?.done();
  }
  await scene.over;
});

t.test('a cancel ends what runs for its pull request, and its queue file is done', async (t) => {
  const state = t.testdir();
  const scene = makeScene(state, { slots: 2 });
  const triggers = await inQueue(state, triggerOf(1, 3), triggerOf(4, 9));
  for (const trigger of triggers) await scene.give(trigger);
  await scene.until(() => scene.begun.length === 2);
  const [cancel] = await inQueue<Cancel>(state, { ...cancelExample, key: 'gitea-5' });
  await scene.give(cancel ?? {});
  await scene.until(() => scene.output.some(({ type }) => type === 'run.finished'));
  t.match(scene.begun[0]?.ended(), { verdict: 'cancelled', why: 'cancelled by ana' });
  t.equal(scene.begun[1]?.ended(), null, 'another pull request is not meant');
  scene.endInput();
  scene.begun[1]?.done();
  await scene.over;
  t.same(types(scene.output), ['trigger', 'trigger', 'cancel', 'run.finished', 'run.finished']);
  t.ok((await listQueue(state, 'done')).includes(String(cancel?.spool)), 'the file of the cancel is done');
});

t.test('a cancel drops what nobody queued and what waits for a slot', async (t) => {
  const scene = makeScene(t.testdir());
  for (const trigger of [triggerOf(1, 3), triggerOf(2, 3), triggerOf(4, 9)]) await scene.give(trigger);
  await scene.until(() => scene.begun.length === 1 && scene.output.length === 3);
  await scene.give(cancelExample);
  await scene.until(() => scene.begun.length === 2);
  scene.begun[1]?.done();
  scene.endInput();
  await scene.over;
  t.match(scene.begun[0]?.ended(), { verdict: 'cancelled' });
  const drop = scene.output.find(({ type }) => type === 'drop');
  t.match(drop, { key: 'gitea-2', reason: 'cancelled', detail: 'cancelled by ana' });
  t.equal(scene.begun[1]?.key, 'gitea-4');
});

t.test('a recording tells a run twice, by trigger and by plan: it is run once', async (t) => {
  const scene = makeScene(t.testdir());
  const { forge: _forge, ...hand } = triggerOf(1);
  await scene.give(hand);
  await scene.give({ ...planExample, key: hand.key, trigger: hand });
  await scene.give({ ...planExample, key: 'hand-2', trigger: { ...hand, key: 'hand-2' } });
  await scene.until(() => scene.begun.length === 1);
  scene.begun[0]?.done();
  await scene.until(() => scene.begun.length === 2);
  scene.begun[1]?.done();
  scene.endInput();
  await scene.over;
  t.same(
    scene.begun.map((one) => one.key),
    [hand.key, 'hand-2'],
    'a plan alone is run, too',
  );
});

t.test('what a signal means: a person ends, a service stops', async (t) => {
  for (const [signal, queuedRuns, byHand] of [
    ['SIGINT', 'cancelled', 'cancelled'],
    ['SIGTERM', 'given-back', 'cancelled'],
  ] as const) {
    const state = t.testdir();
    const scene = makeScene(state, { slots: 2 });
    const triggers = await inQueue(state, triggerOf(1), triggerOf(2));
    const { forge: _forge, ...hand } = triggerOf(3);
    const waiting = { ...hand, key: 'hand-4' };
    await scene.give(triggers[0] ?? {});
    await scene.until(() => scene.begun.length === 1);
    await scene.give(hand);
    await scene.until(() => scene.begun.length === 2);
    await scene.give(triggers[1] ?? {});
    await scene.give(waiting);
    await scene.until(() => scene.output.length === 4);
    scene.stopping.abort(signal);
    scene.endInput();
    await scene.over;
    const verdicts = scene.begun.map((one) => one.ended()?.verdict);
    t.same(verdicts, [queuedRuns, byHand], signal);
    t.match(
      scene.output.filter(({ type }) => type === 'drop'),
      [{ key: 'hand-4', reason: 'cancelled', detail: `ended by ${signal} before it began` }],
      'what nobody queued is told',
    );
    t.ok((await listQueue(state, 'new')).includes(String(triggers[1]?.spool)), 'what is queued stays so');
  }
});

t.test('a reader that left ends only what nobody queued', async (t) => {
  const state = t.testdir();
  const scene = makeScene(state, { slots: 2 });
  const [queued] = await inQueue(state, triggerOf(1));
  await scene.give(queued ?? {});
  await scene.until(() => scene.begun.length === 1);
  await scene.give(triggerOf(2));
  await scene.until(() => scene.begun.length === 2);
  scene.closed.abort('EPIPE');
  t.equal(scene.begun[0]?.ended(), null);
  t.match(scene.begun[1]?.ended(), { verdict: 'interrupted' });
  scene.begun[0]?.done();
  scene.endInput();
  await scene.over;
});

t.test('a bug in one run is told, and the next one runs', async (t) => {
  const scene = makeScene(t.testdir());
  const { workHere } = scene.options;
  let calls = 0;
  Object.assign(scene.options, {
    workHere: (...args: Parameters<typeof workHere>) => {
      calls += 1;
      if (calls === 1) throw new TypeError('x is undefined');
      return workHere(...args);
    },
  });
  await scene.give(triggerOf(1));
  await scene.give(triggerOf(2));
  await scene.until(() => scene.begun.length === 1);
  scene.begun[0]?.done();
  scene.endInput();
  await scene.over;
  t.equal(scene.bugs.length, 1);
  const error = scene.output.find(({ type }) => type === 'error');
  t.match(error, { key: 'gitea-1', message: 'this is a bug: x is undefined' });
  t.ok(scene.output.some(({ type, key }) => type === 'run.finished' && key === 'gitea-2'));
});
