import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accept, clearTemporary } from '@ccci/lib/state/accept.ts';
import { readAccepted } from '@ccci/lib/state/accepted.ts';
import { prepareState } from '@ccci/lib/state/layout.ts';
import { queueName } from '@ccci/lib/state/names.ts';
import { listQueue } from '@ccci/lib/state/queue.ts';
import { openSeen } from '@ccci/lib/state/seen.ts';
import t from 'tap';
import { recordingDisk } from './recording-disk.ts';
import { now, triggerOf } from './scene.ts';

const judgedOf = (id: number, folder: 'new' | 'done' = 'new') => {
  const record = triggerOf(id);
  return { record, key: String(record.key), file: queueName(record), folder };
};

t.test('L03 accepted, then queue, then seen: each durable before the next begins', async (t) => {
  const state = t.testdir();
  await prepareState(state);
  const disk = recordingDisk({ root: state });
  const judged = judgedOf(1);
  await accept(state, [judged], { now, disk });
  const { file } = judged;
  t.strictSame(disk.notes, [
    `write accepted/.${file}.json.tmp`,
    `sync accepted/.${file}.json.tmp`,
    `rename accepted/.${file}.json.tmp accepted/${file}.json`,
    'sync accepted',
    `write queue/tmp/${file}.ndjson`,
    `sync queue/tmp/${file}.ndjson`,
    `rename queue/tmp/${file}.ndjson queue/new/${file}.ndjson`,
    'sync queue/new',
    'append seen.ndjson',
    'sync seen.ndjson',
  ]);
  t.same(await readAccepted(state, file), judged.record);
  t.equal(
    readFileSync(join(state, 'seen.ndjson'), 'utf8'),
    `{"key":"gitea-1","at":"2026-11-23T10:20:00.000Z","file":"${file}"}\n`,
  );
});

t.test('a burst shares the fsyncs of folders and of seen; drops go to done', async (t) => {
  const state = t.testdir();
  await prepareState(state);
  const disk = recordingDisk({ root: state });
  const burst = [judgedOf(1), judgedOf(2, 'done'), judgedOf(3)];
  await accept(state, burst, { now, disk });
  const shared = disk.notes.filter((note) => /^(sync|append) [^.]*$|seen/.test(note));
  t.strictSame(shared, [
    'sync accepted',
    'sync queue/new',
    'sync queue/done',
    'append seen.ndjson',
    'sync seen.ndjson',
  ]);
  t.equal(disk.notes.filter((note) => note.startsWith('sync')).length, 3 + 3 + 4);
  t.strictSame(await listQueue(state, 'new'), [burst[0]!.file, burst[2]!.file]);
  t.strictSame(await listQueue(state, 'done'), [burst[1]!.file]);
});

t.test('nothing to accept touches nothing', async (t) => {
  const disk = recordingDisk({ root: '/' });
  await accept('/nowhere', [], { now, disk });
  t.strictSame(disk.notes, []);
});

t.test('L03 whatever operation breaks, a key is known exactly when its queue file is there', async (t) => {
  for (let breakAt = 1; breakAt <= 10; breakAt += 1) {
    const state = t.testdir({});
    await prepareState(state);
    const judged = judgedOf(1);
    await t.rejects(accept(state, [judged], { now, disk: recordingDisk({ root: state, breakAt }) }));
    const queued = await listQueue(state, 'new');
    const known = await openSeen(state, now);
    t.equal(known.has('gitea-1'), queued.length === 1, `broken at ${breakAt}`);
    if (queued.length === 1) t.ok(await readAccepted(state, judged.file), 'and it says where to post');
  }
});

t.test('left-over temporary files are removed', async (t) => {
  const state = t.testdir();
  await prepareState(state);
  const left = join(state, 'queue/tmp/x.ndjson');
  writeFileSync(left, 'half');
  await clearTemporary(state);
  t.notOk(existsSync(left));
});
