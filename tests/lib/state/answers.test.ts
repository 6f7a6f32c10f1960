import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listAnswers, readAnswer, writeAnswer } from '@ccci/lib/state/answers.ts';
import { prepareState } from '@ccci/lib/state/layout.ts';
import t from 'tap';
import { recordingDisk } from './recording-disk.ts';

t.test('an answer is replaced durably, with all that report puts in', async (t) => {
  const state = t.testdir();
  await prepareState(state);
  t.equal(await readAnswer(state, 'gitea-1'), undefined);
  const disk = recordingDisk({ root: state });
  await writeAnswer(state, 'gitea-1', { key: 'gitea-1', final: false, intents: ['status'] }, disk);
  t.equal(disk.notes.at(-1), 'sync answers');
  await writeAnswer(state, 'gitea-1', { key: 'gitea-1', final: true, comment: { id: 7 } });
  t.same(await readAnswer(state, 'gitea-1'), { key: 'gitea-1', final: true, comment: { id: 7 } });
  t.strictSame(await listAnswers(state), ['gitea-1']);
});

t.test('a damaged answer is a failure: posting again would double', async (t) => {
  const state = t.testdir();
  await prepareState(state);
  writeFileSync(join(state, 'answers/gitea-1.json'), '{}');
  await t.rejects(readAnswer(state, 'gitea-1'), { status: 74, code: 'damaged-file' });
  await t.rejects(readAnswer(state, '../id'), 'a key is a key');
});
