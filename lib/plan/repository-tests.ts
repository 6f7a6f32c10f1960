import { join } from 'node:path';
import { exportCommit } from '../git/export.ts';
import type { PlannedTest } from '../records/plan.ts';
import { findRepositoryTests } from './test-files.ts';

export type RepositoryTests = {
  readonly tests: readonly PlannedTest[];
  readonly warnings: readonly string[];
  /** Folder with the files of the commit that they are taken from; null where none are to run. */
  readonly folder: string | null;
};

export type RepositoryTestsQuestion = {
  /** Folder of the commit under test. */
  readonly head: string;
  /** The branch that the pull request goes to; null without pull request: then the commit's own are taken. */
  readonly target: { readonly name: string; readonly commit: string } | null;
  /** Whether the operator's settings allow them for this recipe. */
  readonly isAllowed: boolean;
  /** Folder to write the target's files into. */
  readonly into: string;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Tests of the recipe's own repository: denied by default; where they are allowed they come from the target branch
 * alone, never from the pull request (D5, L64). One that the commit has no more is planned as `removed`: it counts as not
 * run, so that no test is got rid of by removing it (stages.md, Level).
 */
export async function planRepositoryTests(question: RepositoryTestsQuestion): Promise<RepositoryTests> {
  const { head, target, isAllowed, into, signal } = question;
  const here = await findRepositoryTests(head);
  if (!isAllowed) return { tests: [], warnings: here.map(({ file }) => notAllowed(file)), folder: null };
  if (target === null) return { tests: here, warnings: [], folder: here.length === 0 ? null : head };
  await exportCommit({ from: head, ref: target.commit, into }, signal);
  const there = await findRepositoryTests(into);
  const has = (list: readonly PlannedTest[], file: string) => list.some((test) => test.file === file);
  const fresh = here.filter(({ file }) => !has(there, file));
  return {
    tests: there.map((test) => (has(here, test.file) ? test : { ...test, removed: true })),
    warnings: fresh.map(({ file }) => `${file} is not run: it is not on ${target.name} yet`),
    folder: there.length === 0 ? null : join(into),
  };
}

function notAllowed(file: string): string {
  return `${file} of the recipe's own repository is not run: such tests are not allowed here (repositoryTests in recipe.yml)`;
}
