/** What a newer comment does to what still waits: triggers.md, step 14. */
import { cancelExample } from '@ccci/lib/records/cancel.ts';
import type { Drop } from '@ccci/lib/records/drop.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { claim } from '@ccci/lib/state/claim.ts';
import { journalPath } from '@ccci/lib/state/layout.ts';
import { listQueue, readJournal } from '@ccci/lib/state/queue.ts';
import t from 'tap';
import { recordingDisk } from '../../lib/state/recording-disk.ts';
import { onPull, stamping } from '../../lib/state/scene.ts';
import { optionsOf, run, shown } from './scene.ts';

const other = 'f'.repeat(40);
const cancelOf = (id: number, pull: number): AnyRecord => ({
  ...cancelExample,
  key: `gitea-${id}`,
  pr: { ...cancelExample.pr, number: pull },
  comment: { ...cancelExample.comment, id },
});
const lastOf = async (state: string, file: string) =>
  (await readJournal(journalPath(state, 'done', file))).at(-1);

t.test('another commit supersedes what waits; the drop says by what, and where to answer', async (t) => {
  const state = t.testdir();
  const out = await run(optionsOf(state), onPull(3, 1), onPull(4, 2), onPull(3, 3, { ref: other }));
  t.same(shown(out), ['trigger gitea-1', 'trigger gitea-2', 'trigger gitea-3', 'drop gitea-1 superseded']);
  t.match(out.at(-1), { detail: /asks for f{12}/, forge: 'gitea', pr: { number: 3 }, comment: { id: 1 } });
  t.strictSame(await listQueue(state, 'new'), ['20261123T100002Z-gitea-2', '20261123T100003Z-gitea-3']);
  t.match(await lastOf(state, '20261123T100001Z-gitea-1'), { type: 'drop', reason: 'superseded' });
});

t.test('newer is what was accepted later, whenever it was written', async (t) => {
  const state = t.testdir();
  await run(optionsOf(state), onPull(3, 5));
  const out = await run(optionsOf(state), onPull(3, 1, { ref: other }));
  t.same(shown(out), ['trigger gitea-5', 'trigger gitea-1', 'drop gitea-5 superseded']);
  t.match(out[1], { seq: 1 });
});

t.test('another wish for the same commit takes its place; an equal one waits beside it', async (t) => {
  const state = t.testdir();
  const quick = { options: { quick: true } };
  t.same(shown(await run(optionsOf(state), onPull(3, 1), onPull(3, 2), onPull(3, 3, quick))), [
    'trigger gitea-1',
    'trigger gitea-2',
    'trigger gitea-3',
    'drop gitea-1 superseded',
    'drop gitea-2 superseded',
  ]);
});

t.test(
  'a cancel drops what waits for its pull request, older than itself, and waits for a stage',
  async (t) => {
    const state = t.testdir();
    const out = await run(optionsOf(state), onPull(3, 1), onPull(4, 2), cancelOf(3, 3), onPull(3, 4));
    t.same(shown(out), [
      'trigger gitea-1',
      'trigger gitea-2',
      'cancel gitea-3',
      'trigger gitea-4',
      'drop gitea-1 cancelled',
    ]);
    const waiting = await listQueue(state, 'new');
    t.equal(waiting.length, 3);
    t.notOk(waiting.includes('20261123T100001Z-gitea-1'));
  },
);

t.test('what is claimed is left to its stage', async (t) => {
  const state = t.testdir();
  await run(optionsOf(state), onPull(3, 1));
  const claimed = await claim(state, '20261123T100001Z-gitea-1', { stamping });
  t.same(shown(await run(optionsOf(state), onPull(3, 2, { ref: other }))), ['trigger gitea-2']);
  t.strictSame(await listQueue(state, 'cur'), ['20261123T100001Z-gitea-1']);
  claimed?.release();
});

t.test('broken at any operation while it overtakes, the next start does it once and for all', async (t) => {
  const newer = onPull(3, 2, { ref: other });
  const whole = recordingDisk({ root: '/' });
  const counted = t.testdir({});
  await run(optionsOf(counted), onPull(3, 1));
  await run(optionsOf(counted, { disk: whole }), newer);
  t.ok(whole.notes.length > 14);
  for (let breakAt = 1; breakAt <= whole.notes.length; breakAt += 1) {
    const state = t.testdir({});
    await run(optionsOf(state), onPull(3, 1));
    const disk = recordingDisk({ root: state, breakAt });
    await t.rejects(run(optionsOf(state, { disk }), newer), { message: 'cut' });
    await run(optionsOf(state), newer);
    t.strictSame(await listQueue(state, 'new'), ['20261123T100002Z-gitea-2'], `broken at ${breakAt}`);
    const done = await readJournal(journalPath(state, 'done', '20261123T100001Z-gitea-1'));
    t.ok(done.some(({ type, reason }) => type === 'drop' && reason === 'superseded'));
  }
});

t.test(
  'a drop for a trigger that waits takes it back; for one that is claimed it comes too late',
  async (t) => {
    const state = t.testdir();
    await run(optionsOf(state), onPull(3, 1), onPull(4, 2));
    const dropOf = (id: number, pull: number) => {
      const { forge, owner, name, pr, comment, key } = onPull(pull, id);
      const detail = 'ana is no member any more';
      return {
        ...stamped,
        key,
        reason: 'not-allowed',
        detail,
        forge,
        owner,
        name,
        pr,
        comment,
      } as unknown as Drop;
    };
    const claimed = await claim(state, '20261123T100002Z-gitea-2', { stamping });
    const out = await run(optionsOf(state), dropOf(1, 3), dropOf(2, 4), dropOf(1, 3));
    t.same(shown(out), [
      'trigger gitea-1',
      'drop gitea-1 not-allowed',
      'drop gitea-2 duplicate',
      'drop gitea-1 duplicate',
    ]);
    t.match(await lastOf(state, '20261123T100001Z-gitea-1'), { reason: 'not-allowed' });
    claimed?.release();
  },
);

t.test(
  'a second judgement with another reason takes nothing back: judged once is judged for ever',
  async (t) => {
    const state = t.testdir();
    await run(optionsOf(state), onPull(3, 1));
    const { forge, owner, name, pr, comment, key } = onPull(3, 1);
    const drops = ['history', 'closed', 'moved', 'gone'].map((reason) => {
      return { ...stamped, key, reason, detail: 'x', forge, owner, name, pr, comment };
    });
    const out = await run(optionsOf(state), ...drops);
    t.same(new Set(shown(out).slice(1)), new Set(['drop gitea-1 duplicate']));
    t.equal((await listQueue(state, 'new')).length, 1);
  },
);

const stamped = { type: 'drop', v: 1, at: '2026-11-23T10:20:00.000Z', by: 'ccci-poll/test' };
