import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { lockExisting, lockFile } from '@ccci/lib/state/lock.ts';
import t from 'tap';
import { startTaker } from './start-taker.ts';

t.test('one holder at a time, in one process too', async (t) => {
  const path = join(t.testdir(), 'x.lock');
  const first = await lockFile(path);
  t.ok(first, 'the file is made and locked');
  t.equal(await lockFile(path), null);
  first?.release();
  first?.release();
  const second = await lockFile(path);
  t.ok(second, 'free after the release');
  second?.release();
});

t.test('a missing file is not made by lockExisting', async (t) => {
  const path = join(t.testdir(), 'gone');
  t.equal(await lockExisting(path), null);
  t.notOk(existsSync(path));
});

t.test('the lock survives a rename', async (t) => {
  const folder = t.testdir({ a: '' });
  const lock = await lockExisting(join(folder, 'a'));
  renameSync(join(folder, 'a'), join(folder, 'b'));
  t.equal(await lockExisting(join(folder, 'b')), null);
  lock?.release();
});

t.test('L21 another process is kept out, and SIGKILL of the holder frees the lock', async (t) => {
  const path = join(t.testdir(), 'x.lock');
  const holder = await startTaker('lock', path);
  t.equal(await holder.take(), 'got');
  t.equal(await lockFile(path), null);
  await holder.kill();
  const lock = await lockFile(path);
  t.ok(lock);
  lock?.release();
});

t.test('a folder that is not there is a failure with status 74', async (t) => {
  const path = join(t.testdir(), 'no', 'x.lock');
  await t.rejects(lockFile(path), { status: 74, message: /cannot open .*x\.lock/ });
});
