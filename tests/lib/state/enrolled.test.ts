import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnrolled, storeEnrolled } from '@ccci/lib/state/enrolled.ts';
import t from 'tap';
import { recordingDisk } from './recording-disk.ts';

const cursor = (enrolledAt?: string) => ({ since: '2026-11-23T10:15:00Z', enrolledAt });

t.test('L01 a time of enrolment is kept once and never changes', async (t) => {
  const state = t.testdir();
  t.same(await readEnrolled(state), {});
  await storeEnrolled(state, { 'gitea/recipes': cursor('2026-11-23T10:00:00Z') });
  await storeEnrolled(state, {
    'gitea/recipes': cursor('2026-12-01T00:00:00Z'),
    'gitea/other': cursor('2026-12-01T00:00:00Z'),
  });
  t.same(await readEnrolled(state), {
    'gitea/recipes': '2026-11-23T10:00:00Z',
    'gitea/other': '2026-12-01T00:00:00Z',
  });
});

t.test('nothing new writes nothing, a cursor without a time adds none', async (t) => {
  const state = t.testdir();
  const disk = recordingDisk({ root: state });
  await storeEnrolled(state, { 'gitea/recipes': cursor(), 'gitea/odd': cursor('yesterday') }, disk);
  t.strictSame(disk.notes, []);
  await storeEnrolled(state, { 'gitea/recipes': cursor('2026-11-23T10:00:00Z') }, disk);
  t.equal(disk.notes.length, 4);
  await storeEnrolled(state, { 'gitea/recipes': cursor('2026-11-23T10:00:00Z') }, disk);
  t.equal(disk.notes.length, 4);
});

t.test('a damaged file is a failure: a new time would make history of open comments', async (t) => {
  const state = t.testdir();
  writeFileSync(join(state, 'enrolled.json'), '{"gitea/recipes":7}');
  await t.rejects(readEnrolled(state), { status: 74, code: 'damaged-file' });
});
