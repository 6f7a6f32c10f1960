import { claimExample } from '@ccci/lib/records/claim.ts';
import { type Trigger, triggerExample } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import t from 'tap';
import { claimedRun, isRunOf } from '../../../tools/report/claimed-run.ts';

const own: Trigger = { ...triggerExample, key: 'gitea-2' };
const first: Trigger = { ...triggerExample, key: 'gitea-1' };

function runOf(claim: object, accepted: Trigger | null = first, journal: readonly AnyRecord[] = []) {
  const claims = [...journal, { ...claimExample, key: 'gitea-2', ...claim }];
  return claimedRun(own, claims as AnyRecord[], async (key) =>
    key === accepted?.key ? (accepted as AnyRecord) : undefined,
  );
}

t.test('a run of the own key is believed, and without a claim it is the key', async (t) => {
  t.equal(await runOf({ run: 'gitea-2' }), 'gitea-2');
  t.equal(await runOf({ run: 'gitea-2.3' }), 'gitea-2.3');
  t.equal(await claimedRun(own, [], async () => undefined), 'gitea-2');
  t.equal(await runOf({ run: undefined }), 'gitea-2');
});

t.test(
  'the run of another key, when the claim names both and the other was accepted for the same',
  async (t) => {
    t.equal(await runOf({ run: 'gitea-1', keys: ['gitea-1', 'gitea-2'] }), 'gitea-1');
    t.equal(await runOf({ run: 'gitea-1.2', keys: ['gitea-1', 'gitea-2'] }), 'gitea-1.2');
  },
);

t.test('confused reporter: a claim that names the run of something else is not believed', async (t) => {
  const keys = ['gitea-1', 'gitea-2'];
  const pr = { ...triggerExample.pr!, number: 99 };
  const hidden: readonly (readonly [string, object, Trigger | null])[] = [
    ['it does not name us', { run: 'gitea-1', keys: ['gitea-1'] }, first],
    ['it does not name the other', { run: 'gitea-1', keys: ['gitea-2'] }, first],
    ['it names nobody', { run: 'gitea-1' }, first],
    ['the other was never accepted', { run: 'gitea-1', keys }, null],
    ['another pull request', { run: 'gitea-1', keys }, { ...first, pr }],
    ['another repository', { run: 'gitea-1', keys }, { ...first, name: 'drone' }],
    ['another forge', { run: 'gitea-1', keys }, { ...first, forge: 'codeberg' }],
    ['another commit', { run: 'gitea-1', keys }, { ...first, ref: '1'.repeat(40) }],
    ['other options', { run: 'gitea-1', keys }, { ...first, options: { quick: true } }],
    ['no trigger', { run: 'gitea-1', keys }, { ...first, type: 'drop' } as never],
    ['a path', { run: '../gitea-1', keys: ['../gitea-1', 'gitea-2'] }, first],
    ['keys that are no list', { run: 'gitea-1', keys: 'gitea-1 gitea-2' }, first],
  ];
  for (const [why, claim, accepted] of hidden) t.equal(await runOf(claim, accepted), 'gitea-2', why);
});

t.test('the last claim counts', async (t) => {
  const before = { ...claimExample, key: 'gitea-2', run: 'gitea-1', keys: ['gitea-1', 'gitea-2'] };
  t.equal(await runOf({ run: 'gitea-2.2' }, first, [before as AnyRecord]), 'gitea-2.2');
});

t.test('a key that begins like another is another', async (t) => {
  t.ok(isRunOf('gitea-1', 'gitea-1'));
  t.ok(isRunOf('gitea-1.12', 'gitea-1'));
  for (const run of ['gitea-11', 'gitea-1.b-7', 'gitea-1.', 'gitea-1./x', 'gitea-1.2.3'])
    t.notOk(isRunOf(run, 'gitea-1'), run);
});
