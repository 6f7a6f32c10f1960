import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeLine } from '@ccci/lib/records/encode.ts';
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
  t.strictSame(disk.notes, ['append seen.ndjson', 'sync .']);
  t.equal((await openSeen(state, now, disk)).size, 0);
  t.equal(disk.notes.length, 2, 'once');
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
  const keys = await openSeen(state, now);
  t.strictSame([keys.has('gitea-1'), keys.has('gitea-2'), keys.size], [true, true, 2]);
});

t.test('a torn last line is ended, and its key is known by its queue file', async (t) => {
  const state = t.testdir();
  const [one = '', two = ''] = await stateWith(state, triggerOf(1), triggerOf(2));
  const path = join(state, 'seen.ndjson');
  const [first = ''] = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, `${first}\n{"key":"gitea-2","a`);
  const keys = await openSeen(state, now);
  t.strictSame([keys.has('gitea-1'), keys.has('gitea-2'), keys.size], [true, true, 2]);
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

t.test('a line counts only as a whole, and only with what can be a key', async (t) => {
  const state = t.testdir();
  await prepareState(state);
  const rest = `"at":"${instant}","file":"20261123T100000Z-gitea-1"`;
  const lines = [
    `{"key":"gitea-1","a`,
    `{"key":"gitea-2",${rest}`,
    `{"key":"gitea-3",${rest}}}`,
    `{"key":"Gitea-4",${rest}}`,
    `{"key":7,${rest}}`,
    `{${rest}}`,
    `{"key":"undefined2",${rest},"more":"\u00fc"}`,
    `{ "key": "gitea-5", ${rest} }`,
    `{"key":"sweep-20261123-ghost",${rest}}\r`,
    `{"key":"${'x'.repeat(1024 * 1024)}"}`,
    `{"key":"gitea-6",${rest}}`,
    '',
  ];
  writeFileSync(join(state, 'seen.ndjson'), lines.join('\n'));
  const keys = await openSeen(state, now);
  const known = ['undefined2', 'gitea-5', 'sweep-20261123-ghost', 'gitea-6'];
  t.strictSame([known.filter(keys.has), keys.size], [known, 4]);
  t.equal(readFileSync(join(state, 'seen.ndjson'), 'utf8'), lines.join('\n'), 'there was nothing to mend');
});

t.test('a file of many pieces is read to its end, across their borders', async (t) => {
  const state = t.testdir();
  await prepareState(state);
  const line = (id: number) =>
    encodeLine({ key: `gitea-${id}`, at: instant, file: `20261123T100000Z-gitea-${id}` });
  const ids = Array.from({ length: 30_000 }, (_, index) => index + 1);
  writeFileSync(join(state, 'seen.ndjson'), ids.map(line).join(''));
  const keys = await openSeen(state, now);
  t.equal(keys.size, ids.length);
  t.ok(ids.every((id) => keys.has(`gitea-${id}`)));
  t.notOk(keys.has('gitea-0') || keys.has('gitea-30001'));
});

t.test('a line that is whole but not ended counts, and lines of others do no harm', async (t) => {
  const state = t.testdir();
  await prepareState(state);
  appendFileSync(join(state, 'seen.ndjson'), 'null\n7\n\n{"key":"gitea-9"}');
  t.ok((await openSeen(state, now)).has('gitea-9'));
});
