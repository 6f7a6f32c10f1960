import type { RunContext } from './context.ts';
import type { StageOutcome } from './recorder.ts';
import { didNotRun, runStageTests } from './run-tests.ts';

/** Stage custom: every custom test file ran at least one assertion and none failed. */
export async function custom(context: RunContext): Promise<StageOutcome> {
  const { files, failed, notRun, why } = await runStageTests(context, 'custom');
  if (failed.length > 0) {
    return {
      status: 'fail',
      cause: 'recipe',
      summary: `${failed.length} of ${files} test files failed: ${failed.join(', ')}`,
    };
  }
  if (notRun.length > 0) return { status: 'unver', summary: didNotRun({ notRun, why }) };
  return { status: 'pass' };
}
