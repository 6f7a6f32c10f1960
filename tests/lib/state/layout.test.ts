import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareState, readOwner, statePaths } from '@ccci/lib/state/layout.ts';
import t from 'tap';
import { recordingDisk } from './recording-disk.ts';

t.test('the folders of the protocol, and an id once', async (t) => {
  const state = join(t.testdir(), 'deep', 'state');
  await prepareState(state);
  t.strictSame(readdirSync(state).sort(), ['accepted', 'answers', 'closed', 'id', 'in', 'previews', 'queue']);
  t.strictSame(readdirSync(join(state, 'queue')).sort(), ['cur', 'done', 'new', 'tmp']);
  t.strictSame(readdirSync(join(state, 'in')).sort(), ['ready', 'tmp']);
  t.equal(statSync(join(state, 'queue/new')).mode & 0o007, 0, 'nothing for others');
  const owner = await readOwner(state);
  t.match(owner, /^[0-9a-f]{16}$/);
  await prepareState(state);
  t.equal(await readOwner(state), owner);
});

t.test('programs that start together agree on the id', async (t) => {
  const state = t.testdir();
  const owners = await Promise.all(
    Array.from({ length: 8 }, () => prepareState(state).then(() => readOwner(state))),
  );
  t.equal(new Set(owners).size, 1);
  t.notOk(readdirSync(state).some((name) => name.endsWith('.tmp')));
});

t.test('new folders are made durable in the folders above them, known ones cost nothing', async (t) => {
  const root = t.testdir();
  const state = join(root, 'state');
  const disk = recordingDisk({ root });
  await prepareState(state, disk);
  for (const folder of ['.', 'state', 'state/queue', 'state/in'])
    t.ok(disk.notes.includes(`sync ${folder}`), folder);
  const before = disk.notes.length;
  await prepareState(state, disk);
  t.equal(disk.notes.length, before);
});

t.test('an empty id is a failure, not an owner of everything', async (t) => {
  const state = t.testdir();
  await t.rejects(readOwner(state), { status: 74, code: 'no-owner' });
  writeFileSync(statePaths(state).id, '\n');
  await t.rejects(readOwner(state), { status: 74, code: 'no-owner' });
});

t.test('a file in the place of the state directory is status 74', async (t) => {
  const root = t.testdir({ state: 'a file' });
  await t.rejects(prepareState(join(root, 'state')), { status: 74, message: /cannot make folder/ });
});

t.test('paths', async (t) => {
  t.match(statePaths('/s'), {
    seen: '/s/seen.ndjson',
    cursors: '/s/cursors.json',
    enrolled: '/s/enrolled.json',
    queue: { new: '/s/queue/new' },
  });
  t.equal(statePaths('/s').lock('report'), '/s/report.lock');
});
