import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  appendDurably,
  readJsonFile,
  realDisk,
  renameDurably,
  syncFolder,
  writeDurably,
} from '@ccci/lib/state/files.ts';
import t from 'tap';
import { recordingDisk } from './recording-disk.ts';

t.test('L63 a file is replaced whole: temporary file, fsync, rename, fsync of the folder', async (t) => {
  const root = t.testdir({ 'a.json': 'old' });
  const disk = recordingDisk({ root });
  await writeDurably(join(root, 'a.json'), 'new', disk);
  t.strictSame(disk.notes, ['write .a.json.tmp', 'sync .a.json.tmp', 'rename .a.json.tmp a.json', 'sync .']);
  t.equal(readFileSync(join(root, 'a.json'), 'utf8'), 'new');
  t.strictSame(readdirSync(root), ['a.json']);
});

t.test('a write that breaks leaves the old content', async (t) => {
  for (const breakAt of [1, 2, 3]) {
    const root = t.testdir({ 'a.json': 'old' });
    await t.rejects(writeDurably(join(root, 'a.json'), 'new', recordingDisk({ root, breakAt })));
    t.equal(readFileSync(join(root, 'a.json'), 'utf8'), 'old');
  }
});

t.test('append and rename say when they are durable', async (t) => {
  const root = t.testdir({ one: {}, two: {} });
  const disk = recordingDisk({ root });
  await appendDurably(join(root, 'one/a'), 'x\n', disk);
  await appendDurably(join(root, 'one/a'), 'y\n', disk);
  await renameDurably(join(root, 'one/a'), join(root, 'two/a'), disk);
  await renameDurably(join(root, 'two/a'), join(root, 'two/b'), disk);
  await syncFolder(join(root, 'one'), disk);
  t.strictSame(disk.notes.slice(4), [
    'rename one/a two/a',
    'sync two',
    'sync one',
    'rename two/a two/b',
    'sync two',
    'sync one',
  ]);
  t.equal(readFileSync(join(root, 'two/b'), 'utf8'), 'x\ny\n');
});

t.test('absence is a value, damage is a failure', async (t) => {
  const root = t.testdir({ bad: '{', good: '{"a":1}' });
  t.equal(await readJsonFile(join(root, 'no')), undefined);
  t.same(await readJsonFile(join(root, 'good')), { a: 1 });
  await t.rejects(readJsonFile(join(root, 'bad')), {
    status: 74,
    code: 'damaged-file',
    message: /bad is not JSON/,
  });
  t.strictSame(await realDisk.list(join(root, 'no')), []);
  t.equal(await realDisk.exists(join(root, 'no')), false);
  await realDisk.remove(join(root, 'no'));
});

t.test('a disk that fails is status 74, with the path and what to do', async (t) => {
  const root = t.testdir();
  mkdirSync(join(root, 'folder'));
  await t.rejects(realDisk.write('/dev/full', 'x'), {
    status: 74,
    code: 'disk-full',
    message: /cannot write \/dev\/full: ENOSPC/,
    hint: /make space/,
  });
  await t.rejects(realDisk.write(join(root, 'folder'), 'x'), { status: 74, code: 'disk-failed' });
  await t.rejects(realDisk.read(join(root, 'folder')), {
    status: 74,
    message: /cannot read .*folder: EISDIR/,
  });
});

t.test('names are sorted by code unit', async (t) => {
  const root = t.testdir({ b: '', B: '', a: '', ä: '' });
  t.strictSame(await realDisk.list(root), ['B', 'a', 'b', 'ä']);
});

t.test('a file in pieces', async (t) => {
  const dir = t.testdir({ small: 'content', empty: '', folder: {} });
  const large = Buffer.alloc(2_500_000, 'abc');
  writeFileSync(join(dir, 'large'), large);
  const read = async (name: string) => {
    const pieces: Buffer[] = [];
    for await (const piece of realDisk.readPieces(join(dir, name))) pieces.push(Buffer.from(piece));
    return { count: pieces.length, content: Buffer.concat(pieces) };
  };
  t.equal((await read('small')).content.toString(), 'content');
  t.match(await read('empty'), { count: 0 });
  t.match(await read('absent'), { count: 0 }, 'none when it is not there');
  const { count, content } = await read('large');
  t.ok(count > 2 && content.equals(large));
  await t.rejects(read('folder'), { status: 74, message: /cannot read .*folder/ });
});
