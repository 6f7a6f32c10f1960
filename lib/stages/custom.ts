import type { RunContext } from './context.ts';
import type { Rendered } from './prepare.ts';
import type { StageOutcome } from './recorder.ts';
import { runRepositoryTests } from './repository-tests.ts';
import { didNotRun, runStageTests } from './run-tests.ts';

/** Stage custom: every custom test file ran at least one assertion and none failed, the repository's own among them. */
export async function custom(context: RunContext, deployed: Rendered): Promise<StageOutcome> {
  const operator = await runStageTests(context, 'custom');
  const own = await runRepositoryTests(context, deployed);
  const failed = [...operator.failed, ...own.failed];
  if (failed.length > 0) {
    return {
      status: 'fail',
      cause: 'recipe',
      summary: `${failed.length} of ${operator.files + own.files} test files failed: ${failed.join(', ')}`,
    };
  }
  const notRun = [...operator.notRun, ...own.notRun.map(({ file }) => file)];
  const why = operator.why ?? own.notRun[0]?.why ?? null;
  if (notRun.length > 0) return { status: 'unver', summary: didNotRun({ notRun, why }) };
  return { status: 'pass' };
}
