import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { RunEnd } from '@ccci/lib/stages/run.ts';
import { closeSlot, listClosedSlots } from '@ccci/lib/state/closed-slots.ts';
import type { WorkOptions } from './work.ts';

type Where = Pick<WorkOptions, 'state' | 'stamping' | 'noteTrouble'>;

/**
 * Sees that a slot is open. `Failure` 75 `slots-closed` where those that are not busy are closed by what runs have left on
 * the engine. A closed slot counts for every stage of the state: what is left takes its room from all of them.
 */
export async function checkOpenSlots(
  state: string,
  { slots, busy }: { readonly slots: number; readonly busy: number },
): Promise<void> {
  const closed = await listClosedSlots(state);
  const [first] = closed;
  if (first === undefined || busy + closed.length < slots) return;
  const which = closed.length === 1 ? 'a slot is closed' : `${closed.length} slots are closed`;
  const message = `${which}: run ${first.run} has ${first.left}`;
  throw new Failure(exitStatus.leftOver, 'slots-closed', message, {
    hint: 'ccci-janitor removes what is left, and opens the slot when it has proved that nothing is',
  });
}

/** A run that leaves something on the engine closes its slot; its verdict stays what it is. */
export async function closeSlotAfter(end: RunEnd, where: Where): Promise<void> {
  if (end.kind !== 'finished' || end.results.flags.clean_teardown || end.results.flags.kept === true) return;
  const { run_id, stages } = end.results;
  const teardown = stages.findLast(({ name, status }) => name === 'teardown' && status !== 'pass');
  await noteLeft({ run: run_id, left: teardown?.summary ?? 'left something on the engine' }, where);
}

/** Closes a slot and alarms the operator. */
export async function noteLeft(
  { run, left }: { readonly run: string; readonly left: string },
  { state, stamping, noteTrouble }: Where,
): Promise<void> {
  await closeSlot(state, { run, at: stamping.now().toISOString(), left });
  const message = `run ${run} could not be removed, so its slot is closed: ${left}`;
  noteTrouble(new Failure(exitStatus.leftOver, 'left-over', message, { hint: 'start ccci-janitor' }));
}
