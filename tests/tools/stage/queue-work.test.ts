/** What stage does with its queue: through the pipe and on a spool, several at once, overtaken and joined. */

import { Failure } from '@ccci/lib/program/failure.ts';
import { type Cancel, cancelExample } from '@ccci/lib/records/cancel.ts';
import { encodeLine } from '@ccci/lib/records/encode.ts';
import { claim } from '@ccci/lib/state/claim.ts';
import { journalPath } from '@ccci/lib/state/layout.ts';
import { listQueue, readJournal } from '@ccci/lib/state/queue.ts';
import t from 'tap';
import { inQueue, makeScene, stamping, triggerOf } from './scene.ts';

const other = 'f'.repeat(40);
const lastOf = async (state: string, file: string | undefined) =>
  (await readJournal(journalPath(state, 'done', String(file)))).at(-1);

t.test('on a spool it takes what waits, in the order of work, and ends when it is told to', async (t) => {
  const state = t.testdir();
  const sweep = { ...triggerOf(1), source: 'sweep' as const };
  await inQueue(state, sweep, triggerOf(2));
  const scene = makeScene(state, { isSpool: true });
  scene.endInput();
  await scene.until(() => scene.begun.length === 1);
  t.equal(scene.begun[0]?.key, 'gitea-2', 'people before sweeps');
  scene.begun[0]?.done();
  await scene.until(() => scene.begun.length === 2);
  t.equal(scene.begun[1]?.key, 'gitea-1');
  scene.begun[1]?.done();
  await inQueue(state, triggerOf(3));
  scene.look();
  await scene.until(() => scene.begun.length === 3);
  scene.stopping.abort('SIGTERM');
  await scene.over;
  t.match(scene.begun[2]?.ended(), { verdict: 'given-back' });
  t.equal((await listQueue(state, 'new')).length, 1);
  t.same(
    scene.output.map(({ type, key }) => `${type} ${key}`),
    ['trigger gitea-2', 'run.finished gitea-2', 'trigger gitea-1', 'run.finished gitea-1', 'trigger gitea-3'],
  );
});

t.test('one run at a time per pull request; a sweep never takes the last of several slots', async (t) => {
  const state = t.testdir();
  const sweeps = [3, 4].map((id) => ({ ...triggerOf(id), source: 'sweep' as const }));
  await inQueue(state, triggerOf(1, 7), { ...triggerOf(2, 7), options: { quick: true } }, ...sweeps);
  const scene = makeScene(state, { isSpool: true, slots: 3 });
  scene.endInput();
  await scene.until(() => scene.begun.length === 2);
  t.same(
    scene.begun.map(({ key }) => key),
    ['gitea-2', 'gitea-3'],
    'the other sweep would take the last slot',
  );
  scene.begun[0]?.done();
  await scene.until(() => scene.begun.length === 3);
  t.equal(scene.begun[2]?.key, 'gitea-4', 'two are free now');
  scene.stopping.abort('SIGTERM');
  await scene.over;
});

t.test('several stages on one spool: each trigger runs once, never two of one pull request', async (t) => {
  const state = t.testdir();
  await inQueue(state, ...[1, 2, 3, 4, 5, 6].map((id) => triggerOf(id, id)));
  const scenes = [1, 2, 3].map(() => makeScene(state, { isSpool: true, slots: 2 }));
  for (const scene of scenes) scene.endInput();
  const begun = () => scenes.flatMap((scene) => scene.begun);
  for (let count = 1; count <= 6; count += 1) {
    await Promise.race(scenes.map((scene) => scene.until(() => begun().length >= count)));
    for (const one of begun()) one.done();
  }
  t.same(
    begun()
      .map(({ key }) => key)
      .sort(),
    [1, 2, 3, 4, 5, 6].map((id) => `gitea-${id}`),
  );
  await Promise.all(
    scenes.map((scene) =>
      scene.until(
        () => scene.output.filter(({ type }) => type === 'run.finished').length === scene.begun.length,
      ),
    ),
  );
  for (const scene of scenes) scene.stopping.abort('SIGTERM');
  await Promise.all(scenes.map(({ over }) => over));
  t.equal((await listQueue(state, 'done')).length, 6);
});

t.test('a newer trigger for another commit ends the run as superseded, and runs itself', async (t) => {
  const state = t.testdir();
  const scene = makeScene(state);
  const [old] = await inQueue(state, triggerOf(1, 3));
  await scene.give(old ?? {});
  await scene.until(() => scene.begun.length === 1);
  const [newer] = await inQueue(state, { ...triggerOf(2, 3), ref: other });
  await scene.give(newer ?? {});
  await scene.until(() => scene.begun.length === 2);
  t.match(scene.begun[0]?.ended(), { verdict: 'superseded', why: /asks for f{12}/ });
  t.equal(scene.begun[1]?.key, 'gitea-2');
  scene.begun[1]?.done();
  scene.endInput();
  await scene.over;
});

t.test('a trigger for the commit that runs joins the run; another wish waits for its end', async (t) => {
  const state = t.testdir();
  const scene = makeScene(state, { slots: 2 });
  const [first] = await inQueue(state, triggerOf(1, 3));
  await scene.give(first ?? {});
  await scene.until(() => scene.begun.length === 1);
  const [same] = await inQueue(state, triggerOf(2, 3));
  await scene.give(same ?? {});
  scene.look();
  const [wish] = await inQueue(state, { ...triggerOf(4, 3), options: { quick: true } });
  await scene.give(wish ?? {});
  await scene.until(() => scene.output.length === 3);
  const [marker] = await inQueue(state, triggerOf(9));
  await scene.give(marker ?? {});
  await scene.until(() => scene.begun.length === 2);
  t.same(scene.begun[0]?.keys(), ['gitea-1', 'gitea-2'], 'both are answered by one run');
  t.equal(scene.begun[1]?.key, 'gitea-9', 'the other wish does not run beside it');
  scene.begun[0]?.done();
  await scene.until(() => scene.begun.length === 3);
  t.equal(scene.begun[2]?.key, 'gitea-4');
  scene.begun[1]?.done();
  scene.begun[2]?.done();
  scene.endInput();
  await scene.over;
  t.match(await lastOf(state, same?.spool), { type: 'run.finished', key: 'gitea-1' });
});

t.test('who asks again after a cancel does not join the run that it ends', async (t) => {
  const state = t.testdir();
  const scene = makeScene(state);
  const [first] = await inQueue(state, triggerOf(1, 3));
  await scene.give(first ?? {});
  await scene.until(() => scene.begun.length === 1);
  await inQueue<Cancel>(state, { ...cancelExample, key: 'gitea-5' });
  const [again] = await inQueue(state, triggerOf(6, 3));
  await scene.give(again ?? {});
  await scene.until(() => scene.begun.length === 2);
  t.match(scene.begun[0]?.ended(), { verdict: 'cancelled' });
  t.same(scene.begun[0]?.keys(), ['gitea-1']);
  t.same(scene.begun[1]?.keys(), ['gitea-6'], 'it gets a run of its own');
  scene.begun[1]?.done();
  scene.endInput();
  await scene.over;
  t.same(await listQueue(state, 'new'), []);
});

t.test(
  'what was offered and is gone or held is passed over without a word; what is overtaken is dropped',
  async (t) => {
    const state = t.testdir();
    const scene = makeScene(state);
    const [gone, held, old, newer] = await inQueue(state, triggerOf(1), triggerOf(2), triggerOf(3, 7), {
      ...triggerOf(4, 7),
      ref: other,
    });
    (await claim(state, String(gone?.spool), { stamping }))?.commit(() => ({ type: 'run.finished' }));
    const holder = await claim(state, String(held?.spool), { stamping });
    for (const trigger of [gone, held, old, newer]) await scene.give(trigger ?? {});
    await scene.until(() => scene.begun.length === 1);
    t.equal(scene.begun[0]?.key, 'gitea-4');
    scene.begun[0]?.done();
    scene.endInput();
    await scene.over;
    t.equal(scene.begun.length, 1);
    t.match(await lastOf(state, old?.spool), { type: 'drop', reason: 'superseded' });
    t.same(
      scene.output.filter(({ type }) => type === 'drop').map(({ key }) => key),
      ['gitea-3'],
    );
    holder?.release();
  },
);

t.test('L16 on a spool the claim of a stage that died is taken over', async (t) => {
  const state = t.testdir();
  const [dead] = await inQueue(state, triggerOf(1));
  (await claim(state, String(dead?.spool), { stamping }))?.release();
  const scene = makeScene(state, { isSpool: true });
  scene.endInput();
  await scene.until(() => scene.begun.length === 1);
  scene.begun[0]?.done();
  await scene.until(() => scene.output.some(({ type }) => type === 'run.finished'));
  scene.stopping.abort('SIGTERM');
  await scene.over;
  t.match(await lastOf(state, dead?.spool), { run: 'gitea-1.2' });
});

t.test('no engine: each trigger is told, the queue is not touched; a spool says it once', async (t) => {
  for (const isSpool of [false, true]) {
    const state = t.testdir();
    const triggers = await inQueue(state, triggerOf(1), triggerOf(2));
    const ready = async () => {
      throw new Failure(69, 'engine-unreachable', 'no Docker engine', { hint: 'start it' });
    };
    const scene = makeScene(state, { isSpool, ready });
    if (!isSpool) for (const trigger of triggers) await scene.give(trigger);
    scene.endInput();
    const errors = () => scene.output.filter(({ type }) => type === 'error');
    await scene.until(() => errors().length === (isSpool ? 1 : 2));
    if (isSpool) scene.look();
    scene.stopping.abort('SIGTERM');
    await scene.over;
    t.match(
      errors().map(({ key }) => key),
      isSpool ? ['gitea-1'] : ['gitea-1', 'gitea-2'],
    );
    t.same(scene.noted, isSpool ? [69] : [69, 69]);
    t.equal((await listQueue(state, 'new')).length, 2);
  }
});

t.test('a journal that cannot be read stops one trigger, not the others', async (t) => {
  const state = t.testdir();
  const [bad, good] = await inQueue(state, triggerOf(1), triggerOf(2));
  const { rmSync, writeFileSync } = await import('node:fs');
  rmSync(`${state}/accepted/${bad?.spool}.json`);
  writeFileSync(journalPath(state, 'new', String(bad?.spool)), encodeLine(bad ?? {}));
  const scene = makeScene(state);
  await scene.give(bad ?? {});
  await scene.give(good ?? {});
  await scene.until(() => scene.begun.length === 1);
  t.equal(scene.begun[0]?.key, 'gitea-2');
  scene.begun[0]?.done();
  scene.endInput();
  await scene.over;
});

t.test('what is offered while the queue is looked at is not taken for gone', async (t) => {
  const state = t.testdir();
  const triggers = await inQueue(state, ...Array.from({ length: 20 }, (_, index) => triggerOf(index + 1)));
  const scene = makeScene(state, { slots: 20 });
  for (const trigger of triggers) {
    await scene.give(trigger);
    scene.look();
  }
  scene.endInput();
  let done = 0;
  const finishAll = () => {
    for (const one of scene.begun.slice(done)) one.done();
    done = scene.begun.length;
    return done === triggers.length;
  };
  await Promise.race([scene.until(finishAll), scene.over]);
  await scene.over;
  t.equal(scene.begun.length, 20);
  t.equal((await listQueue(state, 'new')).length, 0);
});
