/** What the janitor asks of the state: dead claims, journals that nobody needs, files without a name. */

import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAnswer } from '@ccci/lib/state/answers.ts';
import { claim } from '@ccci/lib/state/claim.ts';
import { revive } from '@ccci/lib/state/dead-claims.ts';
import { listThin, thinOut } from '@ccci/lib/state/done.ts';
import { journalPath } from '@ccci/lib/state/layout.ts';
import { listQueue, readJournal, settle } from '@ccci/lib/state/queue.ts';
import { openSeen } from '@ccci/lib/state/seen.ts';
import { listTemporary } from '@ccci/lib/state/temporary.ts';
import { listUnfinishedRuns } from '@ccci/lib/state/unfinished-runs.ts';
import t from 'tap';
import { now, stamping, stateWith, triggerOf } from './scene.ts';

const olderThanMs = 3_600_000;
const longAgo = new Date('2026-01-01T00:00:00Z');
const nowMs = now().getTime();

t.test('a dead claim goes back to new and counts as one that died; a live one stays', async (t) => {
  const state = t.testdir();
  const [file = ''] = await stateWith(state, triggerOf(1));
  const first = await claim(state, file, { stamping });
  const finishedOf = async () => null;
  t.equal(await revive(state, file, { finishedOf }), null, 'its holder lives');
  t.same([...(await listUnfinishedRuns(state))], ['gitea-1']);
  first?.release();
  t.equal(await revive(state, file, { finishedOf }), 'requeued');
  t.same([await listQueue(state, 'new'), await listQueue(state, 'cur')], [[file], []]);
  t.match(await claim(state, file, { stamping }), { run: 'gitea-1.2', attempt: 2, earlier: ['gitea-1'] });
});

t.test('a dead claim whose run was over is committed', async (t) => {
  const state = t.testdir();
  const [file = ''] = await stateWith(state, triggerOf(1));
  (await claim(state, file, { stamping }))?.release();
  const finished = { type: 'run.finished', key: 'gitea-1', run: 'gitea-1' };
  const finishedOf = async (run: string) => (run === 'gitea-1' ? finished : null);
  t.equal(await revive(state, file, { finishedOf }), 'finished');
  t.match((await readJournal(journalPath(state, 'done', file))).at(-1), finished);
  t.equal(await revive(state, file, { finishedOf }), null);
});

t.test(
  'L03 only journals that are old, known for ever and answered to the end are thinned out',
  async (t) => {
    const state = t.testdir();
    const files = await stateWith(state, ...[1, 2, 3, 4].map((id) => triggerOf(id)));
    for (const file of files) await settle(state, file, { type: 'drop' });
    const [old = '', fresh = '', open = '', unanswered = ''] = files;
    for (const file of [old, open, unanswered])
      utimesSync(journalPath(state, 'done', file), longAgo, longAgo);
    utimesSync(journalPath(state, 'done', fresh), now(), now());
    for (const key of ['gitea-1', 'gitea-2']) await writeAnswer(state, key, { key, final: true });
    await writeAnswer(state, 'gitea-3', { key: 'gitea-3', final: false });
    t.same(await listThin(state, { nowMs, olderThanMs }), [old]);
    t.same(await thinOut(state, [old]), [old]);
    t.same(await listQueue(state, 'done'), [fresh, open, unanswered]);
    t.ok((await openSeen(state, now)).has('gitea-1'), 'its key stays known');

    writeFileSync(join(state, 'seen.ndjson'), '');
    await writeAnswer(state, 'gitea-4', { key: 'gitea-4', final: true });
    t.same(await listThin(state, { nowMs, olderThanMs }), [], 'a key without its line would be run again');
  },
);

t.test('files that never got their name, when nobody can be writing them any more', async (t) => {
  const state = t.testdir();
  await stateWith(state);
  const left = ['id.0123456789abcdef.tmp', '.cursors.json.tmp', 'in/tmp/0a-x.json', 'queue/tmp/x.ndjson'];
  left.push('accepted/.x.json.tmp', 'answers/.x.json.tmp', 'closed/.x.json.tmp');
  const kept = ['cursors.json', 'notes.tmp', 'accepted/x.json', 'in/ready/x.json'];
  mkdirSync(join(state, 'elsewhere'));
  for (const name of [...left, ...kept]) {
    writeFileSync(join(state, name), '');
    utimesSync(join(state, name), longAgo, longAgo);
  }
  writeFileSync(join(state, 'in/tmp/1b-x.json'), '');
  utimesSync(join(state, 'in/tmp/1b-x.json'), now(), now());
  t.same(await listTemporary(state, { nowMs, olderThanMs }), left.map((name) => join(state, name)).sort());
  t.ok(existsSync(join(state, 'in/tmp/1b-x.json')));
});
