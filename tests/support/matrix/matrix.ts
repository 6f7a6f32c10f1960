import type { Test } from 'tap';
import { compareRun } from './compare.ts';
import { readExpectations } from './expectation.ts';
import { runRecipe } from './run-recipe.ts';

/** Runs of a group that go on at once: half of a run is waiting, and another file runs beside. */
const atOnce = 2;
const isFull = process.env.CCCI_SCALE === 'full';

/** One test for each recipe of a group: it is run by `ccci-stage` on the engine of this box, and compared. */
export function testGroup(t: Test, group: string): void {
  const all = readExpectations().filter((one) => one.group === group);
  if (all.length === 0) throw new Error(`no recipe of tests/recipes is of the group ${group}`);
  const expectations = all.filter(({ size }) => isFull || size === 'small');
  t.comment(`${expectations.length} of ${all.length} recipes`);
  t.jobs = atOnce;
  for (const expected of expectations) {
    t.test(`${expected.recipe}: ${expected.shows}`, { buffered: true }, async (test) => {
      compareRun(test, expected, await runRecipe(expected, test.testdir()));
    });
  }
}
