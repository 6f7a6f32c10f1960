import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stackName } from '@ccci/lib/recipe/names.ts';
import type { Results } from '@ccci/lib/records/results.ts';
import type { Test } from 'tap';
import { leftOnEngine, nothing } from '../journey/left.ts';
import { type Expectation, isWorded } from './expectation.ts';
import type { RecipeRun } from './run-recipe.ts';

/** Compares a run with what is expected of it; of every run: no bug, no leak, nothing left. */
export function compareRun(test: Test, expected: Expectation, run: RecipeRun): void {
  test.equal(run.exit, expected.exit, `ccci-stage ends with ${expected.exit}: ${run.stderr.slice(-2000)}`);
  test.notMatch(run.stderr, /this is a bug/);
  const { results } = run;
  if (results === null) {
    test.fail('the run has no results', { stderr: run.stderr.slice(-4000) });
    return;
  }
  const { verdict, level, rungs } = results;
  test.match(
    { verdict, level, rungs },
    { verdict: expected.verdict, level: expected.level, rungs: expected.rungs },
    'verdict, level and rungs',
    { summaries: summariesOf(results) },
  );
  compareStages(test, expected, results);
  compareWords(test, expected, run, results);
  test.equal(results.flags.clean_teardown, true, 'teardown was clean');
  test.equal(results.flags.no_secret_leak, true, 'no secret leaked');
  test.notOk(existsSync(join(run.dir, 'work')), 'the private folder of the run is gone');
  if (run.domain !== null) test.same(leftOnEngine(stackName(run.domain)), nothing, 'nothing is left');
}

function compareStages(test: Test, expected: Expectation, results: Results): void {
  for (const [stage, words] of Object.entries(expected.summaries)) {
    const said = results.stages.find((row) => row.name === stage)?.summary;
    test.ok(isWorded(said, words), `summary of ${stage}`, { found: said ?? null, wanted: words });
  }
  for (const wanted of expected.tests) {
    const tests = results.stages.filter((row) => row.name === wanted.stage).flatMap((row) => row.tests);
    const isThere = tests.some(
      (one) =>
        isWorded(one.name, wanted.name) &&
        one.status === wanted.status &&
        (wanted.file === undefined || one.file === wanted.file) &&
        (wanted.message === undefined || isWorded(one.message, wanted.message)),
    );
    test.ok(isThere, `test ${wanted.name} of ${wanted.stage} is ${wanted.status}`, { found: tests, wanted });
  }
}

function compareWords(test: Test, expected: Expectation, run: RecipeRun, results: Results): void {
  if (expected.operator !== undefined) {
    const found = results.operator;
    const isSame = found.length === expected.operator.length;
    test.ok(
      isSame && expected.operator.every((words, index) => isWorded(found[index], words)),
      'what an operator must do',
      { found, wanted: expected.operator },
    );
  }
  for (const words of expected.warnings) {
    const found = run.plan?.warnings ?? [];
    test.ok(
      found.some((warning) => isWorded(warning, words)),
      `a warning: ${words}`,
      { found },
    );
  }
  for (const [stage, words] of Object.entries(expected.skips)) {
    const found = run.plan?.stages.find(({ name }) => name === stage);
    test.ok(found?.does === 'skip' && isWorded(found.reason, words), `${stage} does not apply`, { found });
  }
  const lines = run.records.filter(({ type }) => type === 'log').map(({ line }) => String(line));
  for (const words of expected.says) {
    test.ok(
      lines.some((line) => isWorded(line, words)),
      `a line of the log: ${words}`,
      { found: lines.slice(-40) },
    );
  }
}

function summariesOf(results: Results): object {
  return Object.fromEntries(
    results.stages.map(({ name, status, summary }) => [name, `${status}: ${summary ?? ''}`]),
  );
}
