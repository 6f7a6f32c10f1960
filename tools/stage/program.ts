import { metered } from '@ccci/lib/metrics/metered.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import { attach } from './attach.ts';
import { countRun } from './count.ts';
import { openStage } from './open.ts';
import { stage } from './stage.ts';

/** What the flags ask for: runs, or tests against a deployment that a run kept. */
export async function runStageProgram(io: ProgramIo): Promise<void> {
  const { incoming, options, work, metrics } = await openStage(io);
  const { attach: run } = io.flags;
  const ends = { stopping: io.stopping, closed: io.output.closed };
  const records = typeof run === 'string' ? attach(run, { ...work, ...ends }) : stage(incoming, options);
  await io.output.records(metered(records, metrics, countRun));
}
