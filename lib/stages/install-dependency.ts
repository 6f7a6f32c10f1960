import type { RunContext } from './context.ts';
import { bringUp } from './install.ts';
import type { Prepared } from './prepare.ts';
import type { StageOutcome } from './recorder.ts';
import { hookOutcome } from './run-hook.ts';

/** Deploys a recipe that another one needs and sees that it serves; its own hook `install` belongs to that. */
export async function installDependency(own: RunContext, prepared: Prepared): Promise<StageOutcome | null> {
  return (await bringUp(own, prepared)) ?? (await hookOutcome(own, 'install', 'needs'));
}
