import { commitStatus, statusContext } from '@ccci/lib/pages/status.ts';
import { emptyView } from '@ccci/lib/pages/view.ts';
import { type Verdict, verdictSchema } from '@ccci/lib/records/common.ts';
import { dropExample } from '@ccci/lib/records/drop.ts';
import { triggerExample } from '@ccci/lib/records/trigger.ts';
import t from 'tap';
import { refused, viewOf } from './records.ts';

const settings = { context: 'ccci/testme', url: 'https://ci.example.org' };

t.test('L06 L07 pending at once, then the verdict', async (t) => {
  t.same(commitStatus(emptyView('gitea-14497', triggerExample), settings), {
    state: 'pending',
    context: 'ccci/testme',
    description: '720faa0bebc4 was heard and will be tested',
    target_url: 'https://ci.example.org/runs/gitea-14497/',
  });
  t.match(commitStatus(viewOf(), settings), { state: 'success', description: 'level 5 (5 of 5 exercised)' });
  t.match(commitStatus(viewOf(refused), settings), {
    state: 'failure',
    description: /^level 1: upgrade failed: upgrade did not land/,
  });
});

t.test('every verdict to its state, never warning or skipped', async (t) => {
  const expected: Record<Verdict, string> = {
    green: 'success',
    red: 'failure',
    incomplete: 'error',
    infra: 'error',
    cancelled: 'error',
    superseded: 'error',
    interrupted: 'error',
  };
  for (const verdict of verdictSchema.options) {
    t.equal(commitStatus(viewOf({ results: { verdict } }), settings).state, expected[verdict], verdict);
  }
});

t.test('a trigger that was dropped later ends as error', async (t) => {
  const view = {
    ...emptyView('gitea-14497', triggerExample),
    drop: { ...dropExample, detail: 'the commit is gone' },
  };
  t.match(commitStatus(view, settings), { state: 'error', description: 'not run: the commit is gone' });
});

t.test('a partial run has a status of its own', async (t) => {
  const partial = { ...triggerExample, options: { quick: true } };
  t.equal(statusContext(partial, 'ccci/testme'), 'ccci/partial');
  t.equal(statusContext({ ...partial, options: { stages: ['install'] } }, 'testme'), 'partial');
  t.equal(statusContext({ ...partial, options: { commit: '720faa0' } }, 'ccci/testme'), 'ccci/testme');
});

t.test('the description is one line of at most 140 characters', async (t) => {
  const summary = `a\nb\u001b${'é'.repeat(400)}`;
  const { description } = commitStatus(
    viewOf({ rows: { install: { status: 'fail', cause: 'recipe', summary } } }),
    settings,
  );
  t.equal([...description].length, 140);
  t.match(description, /^level 0: install failed: a b\\u001bé+…$/);
});

t.test('without a public address there is no target', async (t) => {
  t.notOk('target_url' in commitStatus(viewOf(), { context: 'ccci/testme' }));
});
