import { writeFileSync } from 'node:fs';
import { acceptedPath, listAccepted, readAccepted, writeAccepted } from '@ccci/lib/state/accepted.ts';
import { prepareState } from '@ccci/lib/state/layout.ts';
import { queueName } from '@ccci/lib/state/names.ts';
import t from 'tap';
import { triggerOf } from './scene.ts';

t.test('what was judged comes back as it was, oldest comment first', async (t) => {
  const state = t.testdir();
  await prepareState(state);
  const [late, early] = [triggerOf(1, 50), triggerOf(2, 10)];
  await writeAccepted(state, queueName(late), late);
  await writeAccepted(state, queueName(early), early);
  t.strictSame(await listAccepted(state), ['20261123T100010Z-gitea-2', '20261123T100050Z-gitea-1']);
  t.same(await readAccepted(state, queueName(late)), late);
});

t.test('absent, strange and damaged', async (t) => {
  const state = t.testdir();
  await prepareState(state);
  const file = '20261123T100010Z-gitea-2';
  t.equal(await readAccepted(state, file), undefined);
  t.equal(await readAccepted(state, '../id'), undefined, 'a name from a record may be anything');
  writeFileSync(acceptedPath(state, file), 'null');
  await t.rejects(readAccepted(state, file), { status: 74, code: 'damaged-file' });
  writeFileSync(acceptedPath(state, '.hidden'), '{}');
  t.strictSame(await listAccepted(state), [file]);
});
