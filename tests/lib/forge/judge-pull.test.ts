import { judgePull, type PullFacts } from '@ccci/lib/forge/judge-pull.ts';
import t from 'tap';

const head = '720faa0bebc4720faa0bebc4720faa0bebc4720f';
const at = '2026-11-23T10:00:00Z';
const facts = (more: Partial<PullFacts> = {}, pull: object = {}): PullFacts => ({
  pull: {
    repository: null,
    number: 1,
    title: 'x',
    isOpen: true,
    isMerged: false,
    isForeign: false,
    base: { ref: 'main', sha: '1'.repeat(40) },
    head: { ref: 'x', sha: head },
    ...pull,
  },
  timeline: [],
  comment: { id: 7, createdAt: at },
  options: {},
  forks: true,
  word: '!testme',
  ...more,
});
const push = { id: 8, type: 'pull_push', body: '{"is_force_push":false}', author: null, createdAt: at };
const reopen = { id: 9, type: 'reopen', body: '', author: null, createdAt: at };
const moved = { reason: 'moved', detail: /comment !testme 720faa0 to test exactly this$/ };
const foreign = { isForeign: true };

/** What is, and what is said to it; null: nothing against it. */
const table: readonly (readonly [string, PullFacts, object | null])[] = [
  ['nothing', facts(), null],
  ['the head by its short hash', facts({ options: { commit: '720faa0' } }), null],
  ['another commit', facts({ options: { commit: '720faa1' } }), moved],
  ['closed', facts({}, { isOpen: false }), { reason: 'closed', detail: /closed/ }],
  ['merged', facts({}, { isOpen: false, isMerged: true }), { reason: 'closed', detail: /merged/ }],
  ['no commit', facts({}, { head: { ref: 'x', sha: '' } }), { reason: 'gone' }],
  ['L01 opened again', facts({ timeline: [reopen] }), { reason: 'history' }],
  ['history before closed', facts({ timeline: [reopen] }, { isOpen: false }), { reason: 'history' }],
  ['cancel after opened again', facts({ options: null, timeline: [reopen] }), { reason: 'history' }],
  ['cancel of what is merged', facts({ options: null }, { isOpen: false, isMerged: true }), null],
  ['own branch, pushed', facts({ timeline: [push] }), null],
  ['own branch, timeline unreadable', facts({ timeline: null }), moved],
  ['fork', facts({}, foreign), null],
  ['fork, off', facts({ forks: false }, foreign), { reason: 'not-allowed' }],
  ['fork, pushed', facts({ timeline: [push] }, foreign), moved],
  ['fork, pushed, short hash', facts({ timeline: [push], options: { commit: '720faa0' } }, foreign), moved],
  ['fork, pushed, whole hash', facts({ timeline: [push], options: { commit: head } }, foreign), null],
  ['fork, force-pushed', facts({ timeline: [{ ...push, body: '{"is_force_push":true}' }] }, foreign), moved],
  ['fork, force-pushed, whole hash', facts({ timeline: [push], options: { commit: head } }, foreign), null],
  [
    'fork, whole hash, timeline unreadable',
    facts({ timeline: null, options: { commit: head } }, foreign),
    moved,
  ],
  [
    'fork, off, whole hash',
    facts({ forks: false, options: { commit: head } }, foreign),
    { reason: 'not-allowed' },
  ],
  ['closed before fork', facts({ forks: false }, { ...foreign, isOpen: false }), { reason: 'closed' }],
  ['cancel of a fork, off', facts({ options: null, forks: false }, foreign), null],
  ['no base', facts({}, { base: { ref: 'x', sha: '' } }), { reason: 'gone' }],
  ['fork, timeline unreadable', facts({ timeline: null }, foreign), moved],
];

for (const [title, given, expected] of table) {
  const verdict = judgePull(given);
  if (expected === null) t.equal(verdict, null, title);
  else t.match(verdict, expected, title);
}
