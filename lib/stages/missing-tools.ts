import type { Plan, PlannedTest } from '../records/plan.ts';
import { listWords, stageWords } from '../results/stage-words.ts';
import { findPython } from '../testing/python.ts';
import { nodeCommand } from '../testing/run-file.ts';
import type { Environment } from './differences.ts';

export type Tools = {
  /** Versions as the run's environment has them: null where a tool is not there, undefined where nobody looked. */
  readonly restic?: unknown;
  readonly bubblewrap?: unknown;
  /** Of Node, without `v`. */
  readonly node: string;
  readonly hasPytest: () => Promise<boolean>;
};

/** The plan, with a warning for each tool whose lack keeps something of it from being run (product.md, U1). */
export async function warnOfTools(plan: Plan, environment: Environment): Promise<Plan> {
  const { restic, bubblewrap } = environment;
  const hasPytest = async () => (await findPython()) !== null;
  const warnings = await missingTools(plan, { restic, bubblewrap, node: process.versions.node, hasPytest });
  return { ...plan, warnings: [...plan.warnings, ...warnings] };
}

/** What of a plan will be `unver` for want of a tool, said before anything is deployed. */
export async function missingTools(
  { stages, tests, hooks }: Pick<Plan, 'stages' | 'tests' | 'hooks'>,
  { restic, bubblewrap, node, hasPytest }: Tools,
): Promise<string[]> {
  const planned = stages.filter(({ does }) => does === 'run').map(({ name }) => name);
  const saved = planned.filter((name) => name === 'backup' || name === 'restore');
  const files = tests.filter(({ stage, removed }) => planned.includes(stage) && removed !== true);
  const warnings: string[] = [];
  if (restic === null && saved.length > 0) {
    warnings.push(
      `${listWords(saved.map(stageWords))} will not be run: restic is not on the PATH (install restic)`,
    );
  }
  if (bubblewrap === null && files.length + hooks.length > 0) {
    const what = hooks.length > 0 ? 'tests and hooks' : 'tests';
    return [...warnings, `${what} will not be run: bwrap is not on the PATH (install bubblewrap)`];
  }
  const python = files.filter(({ runner }) => runner === 'pytest');
  if (python.length > 0 && !(await hasPytest())) {
    warnings.push(`${namesOf(python)} will not be run: no python3 here has pytest (install pytest)`);
  }
  const typescript = files.filter(
    ({ runner, file }) => runner === 'node' && 'missing' in nodeCommand(file, node),
  );
  if (typescript.length > 0) {
    warnings.push(`${namesOf(typescript)} will not be run: Node 22.18 or newer is needed, this is ${node}`);
  }
  return warnings;
}

function namesOf(tests: readonly PlannedTest[]): string {
  return listWords([...new Set(tests.map(({ file }) => file))]);
}
