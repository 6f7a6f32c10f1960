import { setImmediate } from 'node:timers/promises';
import { Failure } from '@ccci/lib/program/failure.ts';
import { dropOf } from '@ccci/lib/records/drop-of.ts';
import { type Preview, previewExample } from '@ccci/lib/records/preview.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import { statePaths } from '@ccci/lib/state/layout.ts';
import { lockFile } from '@ccci/lib/state/lock.ts';
import { listPreviews, readPreview } from '@ccci/lib/state/previews.ts';
import { listQueue, settle } from '@ccci/lib/state/queue.ts';
import t, { type Test } from 'tap';
import { inQueue, makeScene, stamping, triggerOf } from './scene.ts';

type Look = {
  readonly key: string;
  readonly signal: AbortSignal;
  readonly end: (how?: 'done' | Error) => void;
};

/** A stage with one slot on a spool, and its looks at what waits: each ends when it is told to, if `isPatient`. */
function makeLooker(t: Test, state: string, isPatient = false) {
  const looks: Look[] = [];
  const preview = ({ key }: Trigger, signal: AbortSignal) =>
    new Promise<Preview | null>((resolve, reject) => {
      const end = (how: 'done' | Error = 'done') => {
        if (how === 'done') resolve({ ...previewExample, key });
        else reject(how);
      };
      looks.push({ key, signal, end });
      if (!isPatient) end();
    });
  const scene = makeScene(state, { isSpool: true, preview });
  scene.endInput();
  t.teardown(async () => {
    scene.stopping.abort('SIGTERM');
    for (const { end } of looks) end();
    await scene.over;
  });
  const previewed = () => scene.output.filter(({ type }) => type === 'preview').map(({ key }) => key);
  return { ...scene, looks, previewed };
}

const aWhile = async () => {
  for (let turn = 0; turn < 50; turn += 1) await setImmediate();
};
const becomes = async (isSo: () => Promise<boolean>) => {
  while (!(await isSo())) await setImmediate();
};

t.test(
  'what waits while the slot is full is looked at once, in the order of work; a sweep never',
  async (t) => {
    const state = t.testdir();
    const sweep = { ...triggerOf(1), source: 'sweep' as const };
    const [, , second, third] = await inQueue(state, sweep, triggerOf(2), triggerOf(3), triggerOf(4));
    const scene = makeLooker(t, state);
    await scene.until(() => scene.previewed().length === 2);
    t.equal(scene.begun[0]?.key, 'gitea-2', 'what runs needs no preview');
    t.same(scene.previewed(), ['gitea-3', 'gitea-4']);
    t.match(await readPreview(state, String(second?.spool)), { key: 'gitea-3', plan: { recipe: 'ghost' } });
    scene.look();
    await aWhile();
    t.equal(scene.looks.length, 2, 'once for each');

    scene.begun[0]?.done();
    await scene.until(() => scene.begun.length === 2);
    await becomes(async () => (await listPreviews(state)).length === 1);
    t.same(await listPreviews(state), [third?.spool], 'what has begun speaks for itself');
    t.same(scene.bugs, []);
  },
);

t.test('a slot that is free ends it, and waits for nothing of it', async (t) => {
  const state = t.testdir();
  await inQueue(state, triggerOf(1), triggerOf(2), triggerOf(3));
  const scene = makeLooker(t, state, true);
  await scene.until(() => scene.looks.length === 1);
  const [look] = scene.looks;
  t.notOk(look?.signal.aborted);
  scene.begun[0]?.done();
  await scene.until(() => scene.begun.length === 2);
  t.ok(look?.signal.aborted, 'ended before anything was claimed');
  t.same(scene.previewed(), [], 'though it has not come to its end');
  look?.end();
  await scene.until(() => scene.looks.length === 2);
  t.equal(scene.looks[1]?.key, 'gitea-3', 'full again: the next');
  scene.looks[1]?.end();
  await scene.until(() => scene.previewed().length === 1);
  t.same(scene.previewed(), ['gitea-3'], 'what came to its end too late goes nowhere');
});

t.test('withdrawn or overtaken meanwhile: ended, and nothing of it is kept', async (t) => {
  const state = t.testdir();
  const [, second, third] = await inQueue(state, triggerOf(1), triggerOf(2), triggerOf(3));
  const scene = makeLooker(t, state, true);
  await scene.until(() => scene.looks.length === 1);
  const drop = dropOf(triggerOf(2), { reason: 'cancelled', detail: 'cancelled by ana' }, stamping);
  await settle(state, String(second?.spool), drop);
  scene.look();
  await becomes(async () => scene.looks[0]?.signal.aborted === true);
  scene.looks[0]?.end();
  await scene.until(() => scene.looks.length === 2);
  scene.looks[1]?.end();
  await scene.until(() => scene.previewed().length === 1);
  t.same(await listPreviews(state), [third?.spool]);
  await inQueue(state, { ...triggerOf(4, 3), ref: 'f'.repeat(40) });
  scene.look();
  await scene.until(() => scene.looks.length === 3);
  t.equal(scene.looks[2]?.key, 'gitea-4', 'the newer commit of the pull request');
  await becomes(async () => (await listPreviews(state)).length === 0);
});

t.test(
  'what goes wrong is said; it is tried again, not for ever, and keeps nobody from anything',
  async (t) => {
    const state = t.testdir();
    await inQueue(state, triggerOf(1), triggerOf(2), triggerOf(3));
    const scene = makeLooker(t, state, true);
    const away = new Failure(69, 'repo-unreachable', 'the forge is away');
    const expected = [
      ['gitea-2', away],
      ['gitea-3', new Error('a bug')],
      ['gitea-2', away],
      ['gitea-3', 'done'],
      ['gitea-2', away],
    ] as const;
    for (const [index, [key, how]] of expected.entries()) {
      scene.look();
      await scene.until(() => scene.looks.length === index + 1);
      t.equal(scene.looks[index]?.key, key);
      scene.looks[index]?.end(how);
      await aWhile();
    }
    scene.look();
    await aWhile();
    t.equal(scene.looks.length, 5);
    t.same(
      scene.said,
      ['no preview of gitea-2: the forge is away'].flatMap((one) => [one, one, one]),
    );
    t.match(scene.bugs, [{ message: 'a bug' }]);
    t.same(scene.noted, [], 'no exit status hangs on it');
    scene.begun[0]?.done();
    await scene.until(() => scene.begun.length === 2);
  },
);

t.test('one at a time, whichever stage does it; a stop ends it', async (t) => {
  const state = t.testdir();
  await inQueue(state, triggerOf(1), triggerOf(2));
  const lock = await lockFile(statePaths(state).lock('previews'));
  const scene = makeLooker(t, state, true);
  await scene.until(() => scene.begun.length === 1);
  await aWhile();
  t.equal(scene.looks.length, 0, 'another stage is at it');
  lock?.release();
  scene.look();
  await scene.until(() => scene.looks.length === 1);
  scene.stopping.abort('SIGTERM');
  t.ok(scene.looks[0]?.signal.aborted);
  scene.looks[0]?.end();
  await scene.over;
  t.same(await listPreviews(state), []);
  t.equal((await listQueue(state, 'new')).length, 2, 'given back, and waiting');
});
