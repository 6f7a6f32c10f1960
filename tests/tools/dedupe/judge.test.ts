import assert from 'node:assert/strict';
import { dropSchema } from '@ccci/lib/records/drop.ts';
import { type AnyRecord, recordTypes } from '@ccci/lib/records/types.ts';
import fc from 'fast-check';
import t from 'tap';
import { isSettled, judge } from '../../../tools/dedupe/judge.ts';
import { instant, triggerOf } from '../../lib/state/scene.ts';

const stamp = { by: 'ccci-test/0.0.0', at: instant };
const none = new Set<string>();
const file = '20261123T100007Z-gitea-7';

t.test('a new trigger gets its spool and waits in new', async (t) => {
  const { output, store } = judge(triggerOf(7), none, stamp);
  t.same(output, { ...triggerOf(7), spool: file });
  t.same(store, { file, key: 'gitea-7', record: output, folder: 'new' });
});

t.test('a spool that somebody wrote in does not count', async (t) => {
  t.equal(judge({ ...triggerOf(7), spool: '../../id' }, none, stamp).output.spool, file);
});

t.test('a cancel waits in new too: a running stage looks there', async (t) => {
  const { output, store } = judge({ ...triggerOf(7), type: 'cancel' }, none, stamp);
  t.equal(output.spool, file);
  t.equal(store?.folder, 'new');
});

t.test('a new drop goes to done and comes out as it is', async (t) => {
  const drop = { ...triggerOf(7), type: 'drop', reason: 'not-allowed', detail: 'mallory' };
  const { output, store } = judge(drop, none, stamp);
  t.equal(output, drop);
  t.match(store, { file, folder: 'done', record: drop });
});

t.test('L05 L09 a known key is a duplicate: said, not stored', async (t) => {
  for (const type of ['trigger', 'cancel', 'drop']) {
    const record = { ...triggerOf(7), type, reason: 'closed', detail: 'x' };
    const { output, store } = judge(record, new Set(['gitea-7']), stamp);
    t.equal(store, null);
    t.strictSame(JSON.parse(JSON.stringify(output)), {
      type: 'drop',
      v: 1,
      at: instant,
      by: stamp.by,
      key: 'gitea-7',
      reason: 'duplicate',
      detail: `this ${type} was judged before; a comment counts once`,
      forge: 'gitea',
      owner: 'recipes',
      name: 'ghost',
      pr: { number: 3 },
    });
    t.ok(recordTypes.drop.schema.safeParse(output).success, `after a ${type}`);
  }
});

t.test('a duplicate is a valid drop, whatever the record says: nobody has checked it', async (t) => {
  const field = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.constant(null),
    fc.record({ number: fc.oneof(fc.integer(), fc.double(), fc.string()) }),
  );
  const fields = Object.fromEntries(
    ['v', 'at', 'by', 'reason', 'detail', 'owner', 'name', 'pr', 'comment', 'ref'].map((name) => [
      name,
      field,
    ]),
  );
  const forge = fc.oneof(fc.string(), fc.integer(), fc.constant(null));
  fc.assert(
    fc.property(fc.record({ ...fields, forge }, { requiredKeys: ['forge'] }), (said) => {
      const record = { ...said, type: 'trigger', key: 'gitea-7' };
      const { output } = judge(record, new Set(['gitea-7']), stamp);
      assert.deepEqual(dropSchema.safeParse(JSON.parse(JSON.stringify(output))).error, undefined);
    }),
    { numRuns: 500 },
  );
  t.pass('500 records');
});

t.test('settled is what becomes a duplicate, and nothing else', async (t) => {
  const known = new Set(['gitea-7', 'hand-1', 'undefined', '7']);
  const cases: readonly (readonly [object, boolean])[] = [
    [{ type: 'trigger', forge: 'gitea', key: 'gitea-7' }, true],
    [{ type: 'cancel', key: 'gitea-7' }, true],
    [{ type: 'drop', reason: 'closed', key: 'gitea-7' }, true],
    [{ type: 'trigger', forge: 'gitea', key: 'gitea-8' }, false],
    [{ type: 'trigger', forge: 'gitea' }, false],
    [{ type: 'trigger', forge: 'gitea', key: 7 }, false],
    [{ type: 'trigger', key: 'hand-1' }, false],
    [{ type: 'drop', reason: 'closed', key: 'hand-1' }, false],
    [{ type: 'drop', reason: 'duplicate', key: 'gitea-7' }, false],
    [{ type: 'log', key: 'gitea-7' }, false],
  ];
  for (const [record, expected] of cases) {
    t.equal(isSettled(record as AnyRecord, known), expected, JSON.stringify(record));
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
    t.strictSame(judge(record, new Set(['gitea-7', 'hand-1', 'gitea-14497']), stamp), {
      output: record,
      store: null,
    });
  }
});
