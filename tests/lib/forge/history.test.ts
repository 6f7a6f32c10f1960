import { lastClose, wasPushedSince, wasReopenedAfter, whyHistory } from '@ccci/lib/forge/history.ts';
import t from 'tap';

const at = '2026-11-23T10:00:00Z';
const comment = {
  id: 7,
  pull: null,
  body: '',
  author: null,
  isMigrated: false,
  createdAt: at,
  updatedAt: at,
};
const entry = (type: string, more: object = {}) => ({
  id: 8,
  type,
  body: '',
  author: null,
  createdAt: at,
  ...more,
});

t.test('L01 older than the enrolment is history, the same second is not', async (t) => {
  t.equal(whyHistory(comment, at), null);
  t.equal(whyHistory(comment, '2026-11-23T12:00:00+02:00'), null, 'instants, not texts, are compared');
  t.match(whyHistory(comment, '2026-11-23T10:00:01Z'), /older than the enrolment/);
});

t.test('L09 edited before it was seen is history', async (t) => {
  t.match(whyHistory({ ...comment, updatedAt: '2026-11-23T10:00:01Z' }, at), /edited/);
});

t.test('L01 opened again after the comment, by the order of ids', async (t) => {
  t.equal(wasReopenedAfter(7, [entry('reopen')]), true);
  t.equal(wasReopenedAfter(7, [entry('reopen', { id: 6 })]), false);
  t.equal(wasReopenedAfter(7, [entry('close'), entry('comment')]), false);
  t.equal(wasReopenedAfter(7, []), false);
});

t.test('a push in the comment’s second or later, or a forced one', async (t) => {
  const push = (createdAt: string, body = '{"is_force_push":false,"commit_ids":[]}') => [
    entry('pull_push', { createdAt, body }),
  ];
  t.equal(wasPushedSince(at, push('2026-11-23T09:59:59Z')), false);
  t.equal(wasPushedSince(at, push(at)), true);
  t.equal(wasPushedSince(at, push('2026-11-23T10:00:01Z')), true);
  t.equal(wasPushedSince(at, push('2026-11-23T09:59:59Z', '{"is_force_push":true}')), true);
  t.equal(
    wasPushedSince(at, push('2026-11-23T09:59:59Z', 'null')),
    true,
    'what cannot be read counts as forced',
  );
  t.equal(wasPushedSince(at, push('2026-11-23T09:59:59Z', '{')), true);
  t.equal(wasPushedSince(at, [entry('comment')]), false);
});

t.test(
  'the event that closed a pull request, unless it was opened again since, by the order of ids',
  async (t) => {
    const [close, reopen] = [entry('close', { id: 8 }), entry('reopen', { id: 9 })];
    const again = entry('close', { id: 10 });
    t.equal(lastClose([close]), close);
    t.equal(lastClose([close, reopen]), null);
    t.equal(lastClose([again, reopen, close, entry('comment', { id: 11 })]), again);
    t.equal(lastClose([]), null);
    t.equal(lastClose([entry('merge_pull')]), null, 'merged is not closed');
  },
);
