import type { Status } from '@ccci/lib/records/common.ts';
import type { Rungs } from '@ccci/lib/records/results.ts';
import { exercisedOf, levelOf } from '@ccci/lib/results/level.ts';
import t from 'tap';

const statuses: readonly Status[] = ['pass', 'fail', 'skip', 'unver'];

/** All 4^5 = 1,024 combinations. */
function combinations(): Status[][] {
  let rows: Status[][] = [[]];
  for (let rung = 0; rung < 5; rung += 1)
    rows = rows.flatMap((row) => statuses.map((status) => [...row, status]));
  return rows;
}

/** stages.md again, word for word: the highest rung that passed with every rung below it pass or skip; else 0. */
function restated(row: readonly Status[]): number {
  const levels = [5, 4, 3, 2, 1].filter(
    (level) =>
      row[level - 1] === 'pass' &&
      row.slice(0, level - 1).every((below) => below === 'pass' || below === 'skip'),
  );
  return levels[0] ?? 0;
}

t.test('the level of all 1,024 combinations is what stages.md says', async (t) => {
  const all = combinations();
  t.equal(new Set(all.map(String)).size, 1024);
  const wrong = all.filter((row) => levelOf(rungs(row)) !== restated(row));
  t.same(wrong, []);
});

t.test('L54 what does not apply is climbed past, what was forgotten blocks', async (t) => {
  t.equal(levelOf(rungs(['pass', 'skip', 'skip', 'pass', 'pass'])), 5);
  t.equal(levelOf(rungs(['pass', 'unver', 'skip', 'pass', 'pass'])), 1);
  t.equal(levelOf(rungs(['pass', 'skip', 'skip', 'skip', 'fail'])), 1);
});

t.test('exercised counts passed and failed rungs only', async (t) => {
  t.equal(exercisedOf(rungs(['pass', 'fail', 'skip', 'unver', 'pass'])), 3);
});

function rungs([install, upgrade, backup_restore, functional, lint]: readonly Status[]): Rungs {
  return { install, upgrade, backup_restore, functional, lint } as Rungs;
}
