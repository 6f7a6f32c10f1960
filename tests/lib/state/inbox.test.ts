import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { handIn, listInbox } from '@ccci/lib/state/inbox.ts';
import { prepareState, statePaths } from '@ccci/lib/state/layout.ts';
import t from 'tap';
import { recordingDisk } from './recording-disk.ts';
import { triggerOf } from './scene.ts';

t.test('handed in means durable: temporary file, fsync, rename, fsync of the folder', async (t) => {
  const state = t.testdir();
  await prepareState(state);
  const disk = recordingDisk({ root: state });
  await handIn(state, triggerOf(1), disk);
  t.match(disk.notes, [
    /^write in\/tmp\//,
    /^sync in\/tmp\//,
    /^rename in\/tmp\/.* in\/ready\/20261123T100001Z-gitea-1\.json$/,
    'sync in/ready',
  ]);
  const [path = ''] = await listInbox(state);
  t.same(JSON.parse(readFileSync(path, 'utf8')), triggerOf(1));
});

t.test('the same comment from two sources is one file; the oldest comment comes first', async (t) => {
  const state = t.testdir();
  await prepareState(state);
  await Promise.all([handIn(state, triggerOf(2)), handIn(state, triggerOf(2)), handIn(state, triggerOf(1))]);
  const paths = await listInbox(state);
  t.match(paths, [/gitea-1\.json$/, /gitea-2\.json$/]);
  t.equal(dirname(String(paths[0])), statePaths(state).in.ready);
  t.same(readdirSync(statePaths(state).in.tmp), []);
});
