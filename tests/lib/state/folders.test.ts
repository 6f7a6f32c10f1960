import { mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolders } from '@ccci/lib/state/folders.ts';
import t from 'tap';

t.test('a folder with its parents', async (t) => {
  const root = t.testdir();
  const folder = join(root, 'a', 'b', 'c');
  t.equal(await makeFolders(folder, 0o700), join(root, 'a'), 'the topmost that was made');
  for (const made of ['a', 'a/b', 'a/b/c']) t.equal(statSync(join(root, made)).mode & 0o777, 0o700);
  t.equal(await makeFolders(folder), undefined, 'it is there');
  t.equal(await makeFolders(join(folder, 'd')), join(folder, 'd'));
});

t.test('through a link', async (t) => {
  const root = t.testdir({ real: {} });
  symlinkSync('real', join(root, 'link'));
  await makeFolders(join(root, 'link', 'a'));
  t.strictSame(readdirSync(join(root, 'real')), ['a']);
});

t.test('side by side', async (t) => {
  const root = t.testdir();
  await Promise.all(Array.from({ length: 8 }, () => makeFolders(join(root, 'a', 'b', 'c'))));
  t.ok(statSync(join(root, 'a/b/c')).isDirectory());
});

t.test('what is in the way', async (t) => {
  const root = t.testdir({ file: '' });
  symlinkSync('nowhere', join(root, 'link'));
  await t.rejects(makeFolders(join(root, 'file')), { code: 'EEXIST' });
  await t.rejects(makeFolders(join(root, 'file', 'a', 'b')), { code: 'EEXIST' });
  await t.rejects(makeFolders(join(root, 'link', 'a')), { code: 'EEXIST' });
  mkdirSync(join(root, 'long'));
  await t.rejects(makeFolders(join(root, 'long', 'x'.repeat(300), 'y')), { code: 'ENAMETOOLONG' });
});

t.test('a file system that takes no folders says that its own folder is not there', async (t) => {
  await t.rejects(makeFolders('/proc/x/y'), { code: 'ENOTSUP', message: '/proc takes no folders' });
});
