import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Results, resultsExample } from '@ccci/lib/records/results.ts';
import { readOutcomes } from '@ccci/lib/runs/outcomes.ts';
import t from 'tap';

t.test('L57 outcomes come from the runs themselves, by recipe, oldest first', async (t) => {
  const runs = t.testdir({ broken: { 'results.json': '{' }, empty: {}, file: '' });
  const write = (run_id: string, fields: Partial<Results>) => {
    mkdirSync(join(runs, run_id));
    writeFileSync(
      join(runs, run_id, 'results.json'),
      JSON.stringify({ ...resultsExample, run_id, ...fields }),
    );
  };
  write('a', { finished: 3 });
  write('b', { finished: 1, verdict: 'green', ref: '111111111111+U' });
  write('c', { finished: 3 });
  write('d', { recipe: 'Cal', scope: 'partial', kind: 'sweep' });
  const outcomes = await readOutcomes(runs);
  t.same([...outcomes.keys()].sort(), ['cal', 'ghost']);
  t.same(
    outcomes.get('ghost')?.map(({ run_id }) => run_id),
    ['b', 'a', 'c'],
  );
  t.strictSame(outcomes.get('ghost')?.[0], {
    run_id: 'b',
    kind: 'pull',
    scope: 'full',
    recipe: 'ghost',
    ref: '111111111111+U',
    verdict: 'green',
    finished: 1,
  });
});

t.test('no runs yet, and runs that cannot be read', async (t) => {
  const dir = t.testdir({ file: '', runs: { a: { 'results.json': {} } } });
  t.equal((await readOutcomes(join(dir, 'absent'))).size, 0);
  await t.rejects(readOutcomes(join(dir, 'file')), {
    status: 74,
    code: 'runs-unreadable',
    message: /ENOTDIR/,
  });
  await t.rejects(readOutcomes(join(dir, 'runs')), { status: 74, message: /runs\/a\/results\.json.*EISDIR/ });
});
