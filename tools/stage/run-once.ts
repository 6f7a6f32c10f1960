import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { EventLog } from '@ccci/lib/runs/events.ts';
import type { RunEnd, RunOptions } from '@ccci/lib/stages/run.ts';
import { runInTurn } from './in-turn.ts';
import { closeSlotAfter } from './slots.ts';
import type { Ready, WorkOptions } from './work.ts';

/** What one attempt has of its own. */
export type OwnOptions = Pick<RunOptions, 'run' | 'attempt' | 'commit'> &
  Partial<Pick<RunOptions, 'giveUp' | 'allowLocal' | 'keep'>>;

/** Runs a trigger once, its records to the output as they come; a bug of a run is said with its stack. */
export async function runOnce(
  trigger: Trigger,
  ready: Ready,
  options: WorkOptions,
  own: OwnOptions,
): Promise<RunEnd> {
  let shown: Promise<void> = Promise.resolve();
  try {
    const end = await runInTurn(trigger, options, () =>
      options.carryOut(trigger, {
        ...options,
        ...ready,
        ...own,
        kind: trigger.pr === undefined ? (trigger.source === 'sweep' ? 'sweep' : 'hand') : 'pull',
        onEvents: (events) => {
          shown = showEvents(events, options.emit);
          // Awaited at the end of the run; until then a failure must not pass for one that nobody handles.
          shown.catch(() => {});
        },
      }),
    );
    await closeSlotAfter(end, options);
    options.noteEnd(end);
    return end;
  } finally {
    await shown;
  }
}

/** Feeds the output from the run's log; the trigger itself was passed on before the run began. */
export async function showEvents(events: EventLog, emit: WorkOptions['emit']): Promise<void> {
  for await (const record of events.follow()) {
    if (record.type !== 'trigger') await emit(record);
  }
}
