import { startProgram } from '@ccci/lib/program/child.ts';
import { type ExitStatus, exitStatus } from '@ccci/lib/program/failure.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import { findTool } from './programs.ts';

const inherit = ['inherit', 'inherit', 'inherit'] as const;

/** Runs `ccci-<tool>` in our place: its streams, its signals, its exit status. False where there is no such program. */
export async function passOn(
  tool: string,
  args: readonly string[],
  { env, cwd, stopping, outcome }: Pick<ProgramIo, 'env' | 'cwd' | 'stopping' | 'outcome'>,
): Promise<boolean> {
  const file = await findTool(tool, env.PATH);
  if (file === null) return false;
  const { ended } = startProgram(file, args, { stdio: inherit, env, cwd, stopping });
  outcome.note(knownStatus(await ended));
  return true;
}

/** The status of another program of ours as one of our own; whatever is none of them is a bug. */
export function knownStatus(status: number): ExitStatus {
  return Object.values(exitStatus).find((known) => known === status) ?? exitStatus.bug;
}
