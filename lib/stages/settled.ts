import { codeOf, exitStatus, Failure, messageOf } from '../program/failure.ts';
import { type Ended, endedBy, isOverLimit } from './ended.ts';
import type { StageOutcome } from './recorder.ts';

/** What the system says of a disk that cannot take more: infrastructure, not a bug. */
const diskCodes: readonly string[] = ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO'];

/** What a stage came to. What it throws becomes its outcome; once its run was ended, the end is all that counts. */
export async function settled(
  work: () => Promise<StageOutcome>,
  bugs: Error[],
  signal?: AbortSignal,
): Promise<StageOutcome> {
  try {
    return await work();
  } catch (error) {
    const ended = signal === undefined ? null : endedBy(signal);
    return ended === null ? outcomeOfError(error, bugs) : outcomeOfEnd(ended);
  }
}

/** The outcome of the stage that an end of the run found at work. */
export function outcomeOfEnd(ended: Ended): StageOutcome {
  return isOverLimit(ended)
    ? { status: 'fail', cause: 'recipe', summary: ended.why }
    : { status: 'unver', summary: 'ended before it was through' };
}

/** What is thrown within a stage is never the recipe's doing: its outcomes are values. */
function outcomeOfError(error: unknown, bugs: Error[]): StageOutcome {
  if (error instanceof Failure) {
    const hint = error.hint === undefined ? '' : ` (${error.hint})`;
    const cause = error.status === exitStatus.badInput ? 'recipe' : 'infra';
    return { status: 'fail', cause, summary: `${error.message}${hint}` };
  }
  if (diskCodes.includes(codeOf(error) ?? '')) {
    return { status: 'fail', cause: 'infra', summary: messageOf(error) };
  }
  bugs.push(error instanceof Error ? error : new Error(String(error)));
  return { status: 'fail', cause: 'infra', summary: `ccci itself failed: ${messageOf(error)}` };
}
