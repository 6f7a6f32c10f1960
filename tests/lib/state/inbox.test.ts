import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { realDisk } from '@ccci/lib/state/files.ts';
import { handIn, listInbox, tryInbox } from '@ccci/lib/state/inbox.ts';
import { prepareState } from '@ccci/lib/state/layout.ts';
import t from 'tap';
import { recordingDisk } from './recording-disk.ts';
import { triggerOf } from './scene.ts';

const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });

async function prepared(t: { readonly testdir: () => string }) {
  const state = t.testdir();
  await prepareState(state);
  return { state, inside: (folder: string) => readdirSync(join(state, 'in', folder)) };
}

t.test('content before name, name before the end', async (t) => {
  const { state, inside } = await prepared(t);
  const disk = recordingDisk({ root: state });
  await handIn(state, triggerOf(7), disk);
  const temporary = '<temporary>';
  t.same(
    disk.notes.map((note) => note.replaceAll(/in\/tmp\/\S+/g, temporary)),
    [
      `write ${temporary}`,
      `sync ${temporary}`,
      `link ${temporary} in/ready/20261123T100007Z-gitea-7.json`,
      'sync in/ready',
      `remove ${temporary}`,
    ],
  );
  const [path = ''] = await listInbox(state);
  t.same(JSON.parse(readFileSync(path, 'utf8')), triggerOf(7));
  t.same(inside('tmp'), []);
});

t.test('what was handed in first stays, and the second is as durable', async (t) => {
  const { state, inside } = await prepared(t);
  await handIn(state, triggerOf(7));
  const disk = recordingDisk({ root: state });
  await handIn(state, { ...triggerOf(7), type: 'drop', reason: 'history' }, disk);
  t.ok(disk.notes.includes('sync in/ready'));
  const [path = '', ...others] = await listInbox(state);
  t.match(JSON.parse(readFileSync(path, 'utf8')), { type: 'trigger' });
  t.same(others, []);
  t.same(inside('tmp'), []);
});

t.test('several at once, the oldest comment first', async (t) => {
  const { state, inside } = await prepared(t);
  await Promise.all([9, 8, 9, 7, 9].map((id) => handIn(state, triggerOf(id))));
  t.same(
    (await listInbox(state)).map((path) => path.slice(-'gitea-7.json'.length)),
    ['gitea-7.json', 'gitea-8.json', 'gitea-9.json'],
  );
  t.same(inside('tmp'), []);
});

t.test('whatever fails is told, and leaves neither half a file nor a name', async (t) => {
  for (const breakAt of [1, 2, 3]) {
    const { state, inside } = await prepared(t);
    const notes = recordingDisk({ root: state, breakAt, error: full });
    // The disk is full, not gone: removing works.
    await t.rejects(handIn(state, triggerOf(7), { ...notes, remove: realDisk.remove }), full);
    t.same([...inside('tmp'), ...inside('ready')], [], `broken at ${breakAt}`);
  }
  const { state } = await prepared(t);
  const disk = recordingDisk({ root: state, breakAt: 4, error: full });
  await t.rejects(handIn(state, triggerOf(7), disk), full, 'a name that may not be durable is no success');
});

t.test('whether something could be handed in', async (t) => {
  const { state, inside } = await prepared(t);
  await tryInbox(state);
  t.same([...inside('tmp'), ...inside('ready')], []);
  const disk = recordingDisk({ root: state, breakAt: 1, error: full });
  await t.rejects(tryInbox(state, disk), full);
});
