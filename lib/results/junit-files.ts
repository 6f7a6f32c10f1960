import type { StageName } from '../records/common.ts';
import type { ResultStage } from '../records/results.ts';
import { type JunitTest, junitXml, stageCase } from './junit.ts';

/**
 * JUnit XML of one run, name of the file below `junit/` to content: per stage the stage itself with ccci's own checks,
 * so that what failed without a failing test has its failure (L33), and per test file its cases.
 */
export function junitFiles(recipe: string, stages: readonly ResultStage[]): Map<string, string> {
  const suites = new Map<string, { stage: StageName; tests: JunitTest[] }>();
  for (const row of stages) {
    for (const test of [{ ...stageCase(row), file: null }, ...row.tests]) {
      const name = junitFileName(row.name, test.file);
      const suite = suites.get(name) ?? { stage: row.name, tests: [] };
      suite.tests.push(test);
      suites.set(name, suite);
    }
  }
  return new Map([...suites].map(([name, suite]) => [name, junitXml({ recipe, ...suite })]));
}

/** Names of the files below `junit/` that tell of one stage. */
export function junitFileNames({ name, tests }: Pick<ResultStage, 'name' | 'tests'>): string[] {
  return [...new Set([null, ...tests.map((test) => test.file)].map((file) => junitFileName(name, file)))];
}

/**
 * Name of the file below `junit/` for one stage and test file (null: the stage itself and ccci's own checks). Cut to
 * what is published; test files whose names come to the same share one.
 */
export function junitFileName(stage: StageName, file: string | null): string {
  const name = file === null ? stage : `${stage}-${file}`;
  return `${name.replaceAll(/[^a-zA-Z0-9._-]/g, '_').slice(0, 190)}.xml`;
}
