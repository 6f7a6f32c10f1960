import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Results, resultsExample } from '@ccci/lib/records/results.ts';
import { listRuns, readHistory } from '@ccci/lib/runs/list.ts';
import { readResults, writeResults } from '@ccci/lib/runs/results.ts';
import t from 'tap';

t.test('results are written once, whole, and read again', async (t) => {
  const runs = t.testdir({ r: {} });
  const results = { ...resultsExample, unheard: { of: 1 } };
  await writeResults(join(runs, 'r'), results);
  t.same(readdirSync(join(runs, 'r')), ['results.json'], 'nothing else is left');
  t.match(readFileSync(join(runs, 'r', 'results.json'), 'utf8'), /^\{\n {2}"schema": 3,[\s\S]*\}\n$/);
  t.same(await readResults(runs, 'r'), results, 'unknown fields included');
});

t.test('no results', async (t) => {
  const runs = t.testdir({
    empty: {},
    file: '',
    broken: { 'results.json': '{"schema": 3' },
    old: { 'results.json': '{"schema": 2, "run_id": "7"}' },
    null: { 'results.json': 'null' },
  });
  for (const id of ['absent', 'empty', 'file', 'broken', 'old', 'null']) {
    t.equal(await readResults(runs, id), undefined, id);
  }
  await t.rejects(writeResults(join(runs, 'absent'), resultsExample), { status: 74, code: 'disk-failed' });
});

t.test('runs', async (t) => {
  const runs = t.testdir({ b: {}, a: {}, B: {}, '10': {}, 'a-file': '' });
  t.same(await listRuns(runs), ['10', 'B', 'a', 'b'], 'directories, by code unit');
  t.same(await listRuns(join(runs, 'absent')), []);
});

t.test('history', async (t) => {
  const runs = t.testdir({ broken: { 'results.json': '{' }, empty: {} });
  const write = (run_id: string, fields: Partial<Results>) => {
    mkdirSync(join(runs, run_id));
    writeFileSync(
      join(runs, run_id, 'results.json'),
      JSON.stringify({ ...resultsExample, run_id, ...fields }),
    );
  };
  t.same(await readHistory(runs, 'ghost', 'now'), { runs: 0, green: 0, lastGreen: null });
  write('red', { verdict: 'red', finished: 9 });
  write('new-green', { verdict: 'green', finished: 5 });
  write('old-green', { verdict: 'green', finished: 3 });
  write('partial', { verdict: 'green', scope: 'partial', finished: 8 });
  write('other', { verdict: 'green', recipe: 'hedgedoc', finished: 8 });
  write('now', { verdict: 'green', finished: 10 });
  const { lastGreen, ...counts } = await readHistory(runs, 'ghost', 'now');
  t.same(counts, { runs: 3, green: 2 });
  t.equal(lastGreen?.run_id, 'new-green', 'the newest, however it is called');
  t.match(await readHistory(join(runs, 'absent'), 'ghost', 'now'), { runs: 0, lastGreen: null });
});
