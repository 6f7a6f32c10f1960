import { type Cancel, cancelExample } from '@ccci/lib/records/cancel.ts';
import { type Trigger, triggerExample } from '@ccci/lib/records/trigger.ts';
import { endedByNewer, overtakenBy } from '@ccci/lib/state/overtaken.ts';
import t from 'tap';

const other = 'f'.repeat(40);
const pr = (number: number) => ({ ...triggerExample.pr!, number });
const trigger = (seq: number, more: Partial<Trigger> = {}): Trigger => ({ ...triggerExample, seq, ...more });
const cancel = (seq: number, more: Partial<Cancel> = {}): Cancel => ({ ...cancelExample, seq, ...more });

const table: readonly (readonly [
  title: string,
  others: readonly (Trigger | Cancel)[],
  waiting: string | null,
  running: string | null,
])[] = [
  ['nothing', [], null, null],
  ['an equal one', [trigger(6)], null, null],
  ['another commit, newer', [trigger(6, { ref: other })], 'superseded', 'superseded'],
  ['another commit, older', [trigger(4, { ref: other })], null, null],
  ['another wish for this commit', [trigger(6, { options: { quick: true } })], 'superseded', null],
  ['another pull request', [trigger(6, { ref: other, pr: pr(4) })], null, null],
  ['another repository', [trigger(6, { ref: other, name: 'wordpress' })], null, null],
  ['another forge', [trigger(6, { ref: other, forge: 'codeberg' })], null, null],
  [
    'the same repository in capitals',
    [trigger(6, { ref: other, owner: 'RECIPES' })],
    'superseded',
    'superseded',
  ],
  ['a cancel, newer', [cancel(6)], 'cancelled', 'cancelled'],
  ['a cancel, older', [cancel(4)], null, null],
  ['a cancel and another commit', [trigger(7, { ref: other }), cancel(6)], 'cancelled', 'cancelled'],
  ['a cancel of another pull request', [cancel(6, { pr: { ...cancelExample.pr, number: 9 } })], null, null],
];

for (const [title, others, waiting, running] of table) {
  t.test(`overtaken by ${title}`, async (t) => {
    t.equal(overtakenBy(trigger(5), others)?.reason ?? null, waiting, 'while it waits');
    t.equal(endedByNewer([trigger(5)], others)?.reason ?? null, running, 'while it runs');
  });
}

t.test('a run that a newer comment joined is not ended by what lies between', async (t) => {
  const between = [cancel(6), trigger(7, { ref: other })];
  t.equal(endedByNewer([trigger(5), trigger(8)], between), null);
  t.match(endedByNewer([trigger(5), trigger(8)], [trigger(9, { ref: other })]), { reason: 'superseded' });
});

t.test('why, in words', async (t) => {
  t.match(overtakenBy(trigger(5), [cancel(6)]), { detail: 'cancelled by ana' });
  t.match(overtakenBy(trigger(5), [cancel(6, { why: 'closed' })]), { detail: 'ana closed the pull request' });
  t.match(overtakenBy(trigger(5), [trigger(6, { ref: other })]), {
    detail: /ana's newer comment asks for f{12}$/,
  });
  const wish = trigger(6, { options: { quick: true } });
  t.match(overtakenBy(trigger(5), [wish]), { detail: /asks for another test of this commit/ });
});

t.test('a sweep of a tip stands on no pull request and is overtaken by nobody', async (t) => {
  const { pr: _pr, ...tip } = trigger(5, { source: 'sweep' });
  t.equal(overtakenBy(tip, [trigger(6, { ref: other }), cancel(7)]), null);
});
