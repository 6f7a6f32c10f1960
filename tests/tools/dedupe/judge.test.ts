import { recordTypes } from '@ccci/lib/records/types.ts';
import t from 'tap';
import { isCounted, type JudgeFacts, judge } from '../../../tools/dedupe/judge.ts';
import { stamping, triggerOf } from '../../lib/state/scene.ts';

const stamp = { by: stamping.by, at: stamping.now().toISOString() };
const fresh: JudgeFacts = { isKnown: false, overLimit: null, seq: 4, stamp };
const known: JudgeFacts = { ...fresh, isKnown: true };
const file = '20261123T100007Z-gitea-7';

t.test('a new trigger gets its spool and waits in new', async (t) => {
  const { output, store } = judge(triggerOf(7), fresh);
  t.same(output, { ...triggerOf(7), spool: file, seq: 4 });
  t.same(store, { file, key: 'gitea-7', record: output, folder: 'new' });
});

t.test('a spool that somebody wrote in does not count', async (t) => {
  t.equal(judge({ ...triggerOf(7), spool: '../../id' }, fresh).output.spool, file);
});

t.test('a cancel waits in new too: a running stage looks there', async (t) => {
  const { output, store } = judge({ ...triggerOf(7), type: 'cancel' }, fresh);
  t.equal(output.spool, file);
  t.equal(store?.folder, 'new');
});

t.test('a new drop goes to done and comes out as it is', async (t) => {
  const drop = { ...triggerOf(7), type: 'drop', reason: 'not-allowed', detail: 'mallory' };
  const { output, store } = judge(drop, fresh);
  t.equal(output, drop);
  t.match(store, { file, folder: 'done', record: drop });
});

t.test('L05 L09 a known key is a duplicate: said, not stored', async (t) => {
  for (const type of ['trigger', 'cancel', 'drop']) {
    const record = { ...triggerOf(7), type, reason: 'closed', detail: 'x' };
    const { output, store } = judge(record, known);
    t.equal(store, null);
    t.match(output, {
      type: 'drop',
      reason: 'duplicate',
      key: 'gitea-7',
      by: stamping.by,
      pr: { number: 7 },
    });
    t.ok(recordTypes.drop.schema.safeParse(output).success, `after a ${type}`);
    t.equal(output.recipe, undefined);
  }
});

t.test('what is not judged passes as the very same object', async (t) => {
  const passing = [
    recordTypes.tick.example,
    recordTypes.log.example,
    { type: 'trigger', key: 'hand-1', repo: './ghost' },
    { type: 'drop', key: 'gitea-7', reason: 'duplicate' },
    { type: 'drop', key: 'hand-20261123t101500-1234', reason: 'gone' },
  ];
  for (const record of passing) {
    t.strictSame(judge(record, known), {
      output: record,
      store: null,
    });
  }
});

t.test('one too many is a drop that says so, and never waits', async (t) => {
  const { output, store } = judge(triggerOf(7), { ...fresh, overLimit: 'ana has six' });
  t.match(output, {
    type: 'drop',
    reason: 'limit',
    detail: 'ana has six',
    key: 'gitea-7',
    comment: { id: 7 },
  });
  t.match(store, { file, folder: 'done', record: output });
  t.ok(recordTypes.drop.schema.safeParse(output).success);
});

t.test('people are counted, sweeps, cancels and triggers by hand are not', async (t) => {
  const { comment: _comment, ...sweep } = triggerOf(7);
  t.ok(isCounted(triggerOf(7)));
  for (const record of [sweep, { ...triggerOf(7), type: 'cancel' }, { ...triggerOf(7), forge: undefined }])
    t.notOk(isCounted(record));
});
