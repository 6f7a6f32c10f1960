import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareState } from '@ccci/lib/state/layout.ts';
import { appendSeen, openSeen } from '@ccci/lib/state/seen.ts';
import t from 'tap';
import { recordingDisk } from './recording-disk.ts';
import { instant, now, stateWith, triggerOf } from './scene.ts';

t.test('a first start makes the file and its name durable', async (t) => {
  const state = t.testdir();
  await prepareState(state);
  const disk = recordingDisk({ root: state });
  t.equal((await openSeen(state, now, disk)).size, 0);
  t.strictSame(disk.notes, ['append seen.ndjson', 'sync seen.ndjson', 'sync .']);
  t.equal((await openSeen(state, now, disk)).size, 0);
  t.equal(disk.notes.length, 3, 'once');
});

t.test('keys come back, one fsync for many', async (t) => {
  const state = t.testdir();
  const disk = recordingDisk({ root: state });
  const entries = ['gitea-1', 'gitea-2'].map((key) => ({
    key,
    at: instant,
    file: `20261123T100000Z-${key}`,
  }));
  await appendSeen(state, entries, disk);
  t.strictSame(disk.notes, ['append seen.ndjson', 'sync seen.ndjson']);
  t.strictSame([...(await openSeen(state, now))], ['gitea-1', 'gitea-2']);
});

t.test('a torn last line is ended, and its key is known by its queue file', async (t) => {
  const state = t.testdir();
  const [one = '', two = ''] = await stateWith(state, triggerOf(1), triggerOf(2));
  const path = join(state, 'seen.ndjson');
  const [first = ''] = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, `${first}\n{"key":"gitea-2","a`);
  t.strictSame([...(await openSeen(state, now))], ['gitea-1', 'gitea-2']);
  const lines = readFileSync(path, 'utf8').split('\n');
  t.strictSame(lines.slice(1), [
    '{"key":"gitea-2","a',
    `{"key":"gitea-2","at":"${instant}","file":"${two}"}`,
    '',
  ]);
  t.match(first, one);
  t.equal((await openSeen(state, now)).size, 2, 'mended for good');
});

t.test('L03 killed between queue file and seen line: the key is known at the next start', async (t) => {
  const state = t.testdir();
  await stateWith(state, triggerOf(1));
  writeFileSync(join(state, 'seen.ndjson'), '');
  t.ok((await openSeen(state, now)).has('gitea-1'));
  t.match(readFileSync(join(state, 'seen.ndjson'), 'utf8'), /^\{"key":"gitea-1"/);
});

t.test('a line that is whole but not ended counts, and lines of others do no harm', async (t) => {
  const state = t.testdir();
  await prepareState(state);
  appendFileSync(join(state, 'seen.ndjson'), 'null\n7\n\n{"key":"gitea-9"}');
  t.ok((await openSeen(state, now)).has('gitea-9'));
});
