import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCursors, storeCursors } from '@ccci/lib/state/cursors.ts';
import t from 'tap';
import { recordingDisk } from './recording-disk.ts';

const one = { 'gitea/recipes': { since: '2026-11-23T10:15:00Z', enrolledAt: '2026-11-23T10:00:00Z' } };

t.test('cursors go by rename, and fields that are not known go through', async (t) => {
  const state = t.testdir();
  const disk = recordingDisk({ root: state });
  t.same(await readCursors(state), {});
  await storeCursors(state, one, disk);
  t.strictSame(disk.notes, [
    'write .cursors.json.tmp',
    'sync .cursors.json.tmp',
    'rename .cursors.json.tmp cursors.json',
    'sync .',
  ]);
  t.same(await readCursors(state), one);
});

t.test('a tick of one organisation keeps the cursors of the others', async (t) => {
  const state = t.testdir();
  await storeCursors(state, one);
  await storeCursors(state, { 'forgejo/apps': { since: '2026-11-23T10:16:00Z' } });
  await storeCursors(state, { 'gitea/recipes': { since: '2026-11-23T10:17:00Z' } });
  t.same(await readCursors(state), {
    'gitea/recipes': { since: '2026-11-23T10:17:00Z' },
    'forgejo/apps': { since: '2026-11-23T10:16:00Z' },
  });
});

t.test('damaged cursors are a failure, not a fresh start', async (t) => {
  const state = t.testdir();
  writeFileSync(join(state, 'cursors.json'), '{"gitea/recipes":{}}');
  await t.rejects(readCursors(state), { status: 74, code: 'damaged-file', hint: /enrolment/ });
});
