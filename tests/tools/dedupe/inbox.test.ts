/** What hook, sweep and people hand in: triggers.md, step 3. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeChannel } from '@ccci/lib/program/channel.ts';
import { decodeBatches, type Incoming } from '@ccci/lib/records/decode.ts';
import { tickExample } from '@ccci/lib/records/tick.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { realDisk } from '@ccci/lib/state/files.ts';
import { handIn, listInbox } from '@ccci/lib/state/inbox.ts';
import { prepareState, statePaths } from '@ccci/lib/state/layout.ts';
import { listQueue } from '@ccci/lib/state/queue.ts';
import t from 'tap';
import { type DedupeOptions, dedupe, type ReadInput } from '../../../tools/dedupe/dedupe.ts';
import { withInbox } from '../../../tools/dedupe/inbox.ts';
import { recordingDisk } from '../../lib/state/recording-disk.ts';
import { stamping, triggerOf } from '../../lib/state/scene.ts';
import { optionsOf, said, shown } from './scene.ts';

async function* singles(input: AsyncIterable<Incoming>): AsyncGenerator<readonly Incoming[]> {
  for await (const incoming of input) yield [incoming];
}

/** dedupe with an input that is written by hand and an inbox that is looked at when the test says so. */
async function start(state: string, more: Partial<DedupeOptions> = {}) {
  await prepareState(state);
  const input = makeChannel<Incoming>();
  const inbox = { changed: () => {} };
  const output: AnyRecord[] = [];
  const changed = { wake: () => {} };
  const options = optionsOf(state, more);
  const read: ReadInput = (isSettled) =>
    withInbox(singles(input.items()), {
      state,
      disk: options.disk ?? realDisk,
      read: (bytes) => decodeBatches(bytes, { ...stamping, isSettled }),
      watch: (onChange) => {
        inbox.changed = onChange;
        return () => {};
      },
    });
  const over = (async () => {
    for await (const records of dedupe(read, options)) {
      output.push(...records);
      changed.wake();
    }
  })();
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise<void>((resolve) => (changed.wake = resolve));
  };
  const give = (record: object) => input.push({ kind: 'record', record: record as AnyRecord });
  return { give, look: () => inbox.changed(), endInput: input.end, output, over, until, options };
}

t.test(
  'handed in before the start, meanwhile, and just before the end: all are taken and removed',
  async (t) => {
    const state = t.testdir();
    await prepareState(state);
    await handIn(state, triggerOf(1));
    const one = await start(state);
    await one.until(() => one.output.length === 1);
    await handIn(state, triggerOf(2));
    one.look();
    await one.until(() => one.output.length === 2);
    await handIn(state, triggerOf(3));
    one.endInput();
    await one.over;
    t.same(shown(one.output), ['trigger gitea-1', 'trigger gitea-2', 'trigger gitea-3']);
    t.same(await listInbox(state), []);
    t.equal((await listQueue(state, 'new')).length, 3);
  },
);

t.test('T5 a comment that poll and hook saw both runs once, whoever is first', async (t) => {
  const state = t.testdir();
  const one = await start(state);
  await one.give(triggerOf(1));
  await one.until(() => one.output.length === 1);
  for (const id of [1, 2]) await handIn(state, { ...triggerOf(id), source: 'hook' });
  one.look();
  await one.until(() => one.output.length === 3);
  await one.give(triggerOf(2));
  await handIn(state, { ...triggerOf(2), source: 'hook' });
  one.look();
  await one.until(() => one.output.length === 5);
  one.endInput();
  await one.over;
  t.same(shown(one.output), [
    'trigger gitea-1',
    'drop gitea-1 duplicate',
    'trigger gitea-2',
    'drop gitea-2 duplicate',
    'drop gitea-2 duplicate',
  ]);
  t.same(await listInbox(state), [], 'handed in again after it was taken, it is taken again');
});

t.test('what is no record is told, and holds no cursor: no tick speaks for the inbox', async (t) => {
  const state = t.testdir();
  await prepareState(state);
  const { ready } = statePaths(state).in;
  writeFileSync(join(ready, 'a.json'), 'hello\n');
  writeFileSync(join(ready, 'b.json'), '');
  said.length = 0;
  const one = await start(state);
  await one.give(tickExample);
  one.endInput();
  await one.over;
  t.same(shown(one.output), ['error', 'tick']);
  t.match(said, [/is not JSON/]);
  t.equal(one.options.outcome.status(), 65);
  t.ok(existsSync(statePaths(state).cursors));
  t.same(await listInbox(state), []);
});

t.test('broken at any operation, nothing that was handed in is lost or doubled', async (t) => {
  const counted = t.testdir({});
  const whole = recordingDisk({ root: '/' });
  const live = async (state: string, disk = realDisk) => {
    const one = await start(state, { disk });
    one.endInput();
    await one.over;
    return shown(one.output);
  };
  await prepareState(counted);
  await handIn(counted, triggerOf(1));
  await live(counted, whole);
  for (let breakAt = 1; breakAt <= whole.notes.length; breakAt += 1) {
    const state = t.testdir({});
    await prepareState(state);
    await handIn(state, triggerOf(1));
    await t.rejects(live(state, recordingDisk({ root: state, breakAt })), { message: 'cut' });
    const out = await live(state);
    t.equal(out.filter((line) => line === 'trigger gitea-1').length, 1, `broken at ${breakAt}: ${out}`);
    t.equal((await listQueue(state, 'new')).length, 1);
    t.same(await listInbox(state), []);
  }
});

t.test('on a spool triggers, cancels and places are not written out; all else is', async (t) => {
  const state = t.testdir();
  const one = await start(state, { isSpool: true });
  await one.give(triggerOf(1));
  await one.give({ ...triggerOf(2), type: 'drop', reason: 'not-allowed', detail: 'mallory' });
  await one.give({ ...triggerOf(1) });
  await one.give(tickExample);
  one.endInput();
  await one.over;
  t.same(shown(one.output), ['drop gitea-2 not-allowed', 'drop gitea-1 duplicate', 'tick']);
  t.equal((await listQueue(state, 'new')).length, 1);
  const again = await start(state, { isSpool: true });
  again.endInput();
  await again.over;
  t.same(again.output, [], 'what is unfinished is not written out either');
});
