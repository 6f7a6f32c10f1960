import { type Brief, briefOf } from '@ccci/lib/records/brief.ts';
import { olderStages } from '@ccci/lib/records/older-results.ts';
import { resultsExample } from '@ccci/lib/records/results.ts';
import t from 'tap';

/** As the replaced system wrote them: a decimal name, no verdict, no scope, a failed stage without a row (L33). */
const older = {
  schema: 2,
  run_id: '506',
  pr: '3',
  recipe: 'drone',
  version: '2.26.0+2.22.0',
  ref: '0a1b2c3d4e5f',
  level: 5,
  finished: 1781309502.55,
  results: { install: 'pass', upgrade: 'pass', backup: 'pass', restore: 'pass', custom: 'pass' },
  stages: [
    { name: 'install', status: 'pass', summary: null },
    { name: 'custom', status: 'pass', summary: '4 passed' },
  ],
};

t.test('what lists show of a run of ours', async (t) => {
  t.same(briefOf({ ...resultsExample, screenshot: 'screenshot.png' }, 'gitea-14497'), {
    run: 'gitea-14497',
    isOlder: false,
    kind: 'pull',
    scope: 'full',
    recipe: 'ghost',
    version: '6.1.0+5.9.1',
    pr: '3',
    ref: '720faa0bebc4',
    started: 1781309285.11,
    finished: 1781309502.55,
    verdict: 'red',
    reason: 'upgrade failed',
    level: 1,
    hasScreenshot: true,
  } satisfies Brief);
});

t.test('a run of the replaced system shows what it has', async (t) => {
  t.match(briefOf(older, '506'), {
    isOlder: true,
    scope: 'full',
    verdict: 'green',
    level: 5,
    pr: '3',
    started: null,
  });
  const { schema: _, ...first } = { ...older, run_id: 506, pr: 3, level: '2' };
  t.match(briefOf({ ...first, schema: 1 }, '506'), { verdict: 'green', level: 2, pr: '3' });
  t.match(briefOf(first, '506'), { isOlder: true }, 'the first files did not name their schema');
});

t.test('its verdict says no more than its stages do', async (t) => {
  const verdictOf = (changes: object) => {
    const { verdict, reason } = briefOf({ ...older, ...changes }, '506') as Brief;
    return [verdict, reason];
  };
  t.same(verdictOf({ results: { ...older.results, upgrade: 'fail' } }), ['red', 'upgrade failed']);
  const row = { name: 'upgrade', status: 'failed', summary: 'it was paused' };
  t.same(verdictOf({ stages: [row] }), ['red', 'upgrade failed: it was paused']);
  t.same(verdictOf({ results: { install: 'pass', backup: 'weird' } }), ['incomplete', 'backup did not run']);
  t.same(verdictOf({ results: { ...older.results, backup: 'skip', lint: 'fail' } }), ['green', null]);
  t.same(verdictOf({ results: {}, stages: [] }), [null, null], 'nothing known, nothing claimed');
  t.same(verdictOf({ results: 'x', stages: [null, 1, { name: 2 }] }), [null, null]);
  t.same(
    olderStages({ ...older, results: { upgrade: 'skipped' } }).map(({ name, status }) => [name, status]),
    [
      ['install', 'pass'],
      ['custom', 'pass'],
      ['upgrade', 'skip'],
    ],
  );
});

t.test('what is not about this run, or of no known shape, is none', async (t) => {
  for (const [content, run] of [
    [undefined, '506'],
    [null, '506'],
    ['text', '506'],
    [[], '506'],
    [{}, '506'],
    [{ ...older, recipe: 7 }, '506'],
    [older, '507'],
    [{ ...older, run_id: 'gitea-1' }, 'gitea-1'],
    [{ ...older, schema: 4 }, '506'],
    [{ ...resultsExample, verdict: 'splendid' }, 'gitea-14497'],
    [{ ...resultsExample, scope: undefined }, 'gitea-14497'],
  ] as const)
    t.equal(briefOf(content, run), null, JSON.stringify(content)?.slice(0, 60));
});

t.test('numbers that no calendar and no ramp knows are left out', async (t) => {
  for (const finished of [1e300, -1, Number.NaN, 'soon', null, {}])
    t.match(briefOf({ ...older, finished }, '506'), { finished: null }, String(finished));
  for (const level of [6, -1, 2.5, 'x', null, {}])
    t.match(briefOf({ ...older, level }, '506'), { level: null }, String(level));
});
