import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resultsExample } from '@ccci/lib/records/results.ts';
import { openKnownRuns } from '@ccci/lib/runs/known-runs.ts';
import t from 'tap';

function scene(t: Tap) {
  const runs = t.testdir();
  const said: string[] = [];
  const known = openKnownRuns(runs, {
    isId: (id) => !id.startsWith('.'),
    warn: (message) => said.push(message),
  });
  return {
    runs,
    said,
    known,
    write: (run: string, changes: object = {}) => {
      mkdirSync(join(runs, run), { recursive: true });
      writeFileSync(
        join(runs, run, 'results.json'),
        JSON.stringify({ ...resultsExample, run_id: run, ...changes }),
      );
    },
    shown: () =>
      [...known.recipes()].map(([recipe, list]) => `${recipe}: ${list.map(({ run }) => run).join(' ')}`),
  };
}
type Tap = { readonly testdir: () => string };

t.test('L57 what all runs came to, newest first, recipes by code unit; each file is read once', async (t) => {
  const { runs, known, write, shown, said } = scene(t);
  t.same([...(await known.refresh())], []);
  write('gitea-1', { finished: 10 });
  write('gitea-2', { finished: 30 });
  write('gitea-3', { finished: 20 });
  write('gitea-4', { recipe: 'Zulip' });
  mkdirSync(join(runs, 'gitea-5'));
  t.same([...(await known.refresh())].sort(), ['Zulip', 'ghost']);
  t.same(shown(), ['Zulip: gitea-4', 'ghost: gitea-2 gitea-3 gitea-1']);
  writeFileSync(join(runs, 'gitea-1', 'results.json'), 'what was written whole is not read again');
  write('gitea-5', { finished: 40 });
  t.same([...(await known.refresh())], ['ghost']);
  t.same(shown(), ['Zulip: gitea-4', 'ghost: gitea-5 gitea-2 gitea-3 gitea-1']);
  t.same(said, []);
});

t.test('a run whose directory is gone is forgotten', async (t) => {
  const { runs, known, write, shown } = scene(t);
  write('gitea-1');
  write('gitea-2', { recipe: 'drone' });
  await known.refresh();
  rmSync(join(runs, 'gitea-2'), { recursive: true });
  t.same([...(await known.refresh())], ['drone']);
  t.same(shown(), ['ghost: gitea-1']);
});

t.test('what is damaged is said once, and the rest is shown', async (t) => {
  const { runs, known, write, shown, said } = scene(t);
  write('gitea-1');
  for (const run of ['gitea-2', 'gitea-3', 'gitea-4', 'gitea-5', 'gitea-6']) mkdirSync(join(runs, run));
  writeFileSync(join(runs, 'gitea-2', 'results.json'), '{"schema":3,');
  writeFileSync(join(runs, 'gitea-3', 'results.json'), '{"schema":9}');
  const elsewhere = join(runs, 'elsewhere.json');
  writeFileSync(elsewhere, JSON.stringify({ ...resultsExample, run_id: 'gitea-4' }));
  symlinkSync(elsewhere, join(runs, 'gitea-4', 'results.json'));
  execFileSync('mkfifo', [join(runs, 'gitea-5', 'results.json')]);
  mkdirSync(join(runs, 'gitea-6', 'results.json'));
  await known.refresh();
  await known.refresh();
  t.same(shown(), ['ghost: gitea-1']);
  t.equal(said.length, 5);
  for (const [index, line] of said.sort().entries())
    t.match(line, `gitea-${index + 2}/results.json holds no`);
});
