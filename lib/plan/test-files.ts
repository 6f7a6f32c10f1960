import glob from 'fast-glob';
import type { PlannedTest } from '../records/plan.ts';

export type FoundTests = { readonly tests: readonly PlannedTest[]; readonly warnings: readonly string[] };

/** Folders that are read for `custom` besides `custom/` itself. */
const deprecatedFolders = ['functional', 'playwright'] as const;
const overlayStages = ['install', 'upgrade', 'backup', 'restore'] as const;

/**
 * Finds the tests in the folder of one recipe: overlay tests at its top, custom ones in `custom/` and the deprecated
 * folders, ordered by path. A file that looks like a test and would not run is named in a warning (L53).
 * Source: stages.md, "Settings and hooks of a recipe".
 */
export async function findTests(folder: string): Promise<FoundTests> {
  const custom = ['custom', ...deprecatedFolders].map((name) => `${name}/**/*`);
  const overlay = overlayStages.flatMap((stage) => [`${stage}.*`, `test_${stage}.py`]);
  const found = await listFiles(folder, [...custom, ...overlay]);
  const judged = found.map(({ path, isExecutable }) => ({ path, runner: runnerOf(path, isExecutable) }));
  const tests = judged.flatMap(({ path, runner }) =>
    runner === null ? [] : [{ stage: stageOf(path), file: path, runner, origin: 'operator' as const }],
  );
  const ignored = judged.flatMap(({ path, runner }) =>
    runner === null && looksLikeTest(path) ? [notRun(path)] : [],
  );
  return { tests, warnings: [...tests.flatMap(({ file }) => deprecation(file)), ...ignored] };
}

/** Files of the recipe's own repository that are tests; they are never run without being allowed (D5). */
export async function findRepositoryTests(checkout: string): Promise<PlannedTest[]> {
  const found = await listFiles(checkout, ['tests/**/*']);
  return found.flatMap(({ path, isExecutable }) => {
    const runner = runnerOf(path, isExecutable);
    return runner === null
      ? []
      : [{ stage: 'custom' as const, file: path, runner, origin: 'repository' as const }];
  });
}

type FoundFile = { readonly path: string; readonly isExecutable: boolean };

async function listFiles(cwd: string, patterns: string[]): Promise<FoundFile[]> {
  const ignore = ['**/_*', '**/_*/**', '**/__pycache__/**', '**/node_modules/**'];
  const entries = await glob(patterns, { cwd, ignore, onlyFiles: true, stats: true });
  return entries
    .map(({ path, stats }) => ({ path, isExecutable: ((stats?.mode ?? 0) & 0o111) !== 0 }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What runs a file, by what it is; null for a helper or data. */
function runnerOf(path: string, isExecutable: boolean): PlannedTest['runner'] | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/^test_.*\.py$/.test(name)) return 'pytest';
  if (/\.test\.(ts|mjs|js)$/.test(name)) return 'node';
  return isExecutable && name !== 'conftest.py' ? 'tap' : null;
}

function stageOf(path: string): PlannedTest['stage'] {
  return (
    overlayStages.find((stage) => path === `test_${stage}.py` || path.startsWith(`${stage}.`)) ?? 'custom'
  );
}

function looksLikeTest(path: string): boolean {
  if (stageOf(path) !== 'custom') return true;
  return /(_test\.py|\.(test|spec)\.[a-z]+|\.(sh|bash|t|tap))$/.test(path);
}

function notRun(path: string): string {
  return `${path} is not run: expected test_*.py, *.test.ts, *.test.mjs, *.test.js, or an executable that prints TAP`;
}

function deprecation(path: string): string[] {
  const folder = deprecatedFolders.find((name) => path.startsWith(`${name}/`));
  if (folder === undefined) return [];
  return [`${path}: ${folder}/ is deprecated; move it to custom/${path.slice(folder.length + 1)}`];
}
