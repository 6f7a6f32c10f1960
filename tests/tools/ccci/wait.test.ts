import type { ForgeStatus } from '@ccci/lib/forge/types.ts';
import { verdictSchema } from '@ccci/lib/records/common.ts';
import { resultsExample } from '@ccci/lib/records/results.ts';
import t from 'tap';
import { answerLine, answerOfResults, answerOfStatuses, statuses } from '../../../tools/ccci/wait/answer.ts';
import { readTime } from '../../../tools/ccci/wait/times.ts';

const status = (id: number, state: string, context = 'ccci/testme'): ForgeStatus => ({
  ...{ id, state, context, description: `it is ${state}`, creator: null },
  targetUrl: 'https://ci.example.org/runs/gitea-14497/',
});

t.test('by the commit status of the context, the newest of it', async (t) => {
  const context = 'ccci/testme';
  for (const [state, verdict] of [
    ...[
      ['success', 'GREEN'],
      ['failure', 'RED'],
      ['error', 'ERROR'],
      ['pending', 'PENDING'],
      ['odd', 'PENDING'],
    ],
  ] as const) {
    t.match(answerOfStatuses([status(2, state as string), status(1, 'failure')], context), {
      verdict,
      run: 'gitea-14497',
    });
  }
  t.match(answerOfStatuses([status(2, 'success', 'ccci/partial')], context), {
    verdict: 'PENDING',
    run: null,
  });
  t.match(answerOfStatuses([], context), { verdict: 'PENDING', run: null });
});

t.test('by the results of a run: every verdict', async (t) => {
  const found = verdictSchema.options.map((verdict) => {
    const answer = answerOfResults({ ...resultsExample, verdict }, 'gitea-14497');
    return [verdict, answer.verdict, statuses[answer.verdict]];
  });
  t.same(found, [
    ['cancelled', 'ERROR', 69],
    ['superseded', 'ERROR', 69],
    ['interrupted', 'ERROR', 69],
    ['infra', 'ERROR', 69],
    ['incomplete', 'ERROR', 69],
    ['red', 'RED', 1],
    ['green', 'GREEN', 0],
  ]);
  t.equal(answerLine(answerOfResults(null, 'gitea-14497')), 'VERDICT=PENDING RUN=gitea-14497\n');
  t.equal(answerLine(answerOfStatuses([], 'x')), 'VERDICT=PENDING RUN=-\n');
});

t.test('times', async (t) => {
  t.equal(readTime('timeout', '90', '1h'), 90_000);
  t.equal(readTime('timeout', '20m', '1h'), 1_200_000);
  t.equal(readTime('timeout', undefined, '1h'), 3_600_000);
  for (const bad of ['0', '-1', '1d', 'x', '1.5h', '99999999h']) {
    t.throws(() => readTime('timeout', bad, '1h'), { code: 'bad-value' }, bad);
  }
});
