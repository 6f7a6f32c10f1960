import type { Input } from '@ccci/lib/plan/read-input.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { Log } from '@ccci/lib/program/log.ts';
import type { Outcome } from '@ccci/lib/program/outcome.ts';
import type { Incoming } from '@ccci/lib/records/decode.ts';
import { type Stamping, stamp } from '@ccci/lib/records/encode.ts';
import type { ErrorRecord } from '@ccci/lib/records/error.ts';
import type { Plan } from '@ccci/lib/records/plan.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';

export type DiscoverRecordsOptions = {
  /** Plans one trigger; what it checks out is gone when it comes back. */
  readonly plan: (trigger: Trigger) => Promise<Plan>;
  readonly stamping: Stamping;
  readonly log: Log;
  readonly outcome: Outcome;
};

/**
 * Replaces each trigger by its plan and passes everything else on, in order. A trigger that cannot be planned becomes
 * an `error` record with its key, and the next line is worked on.
 */
export async function* discoverRecords(
  input: AsyncIterable<Input>,
  options: DiscoverRecordsOptions,
): AsyncGenerator<AnyRecord> {
  for await (const { incoming, failure } of input) {
    noteBad(incoming, options);
    if (failure !== undefined) yield refuse(incoming.record, failure, options);
    else if (incoming.kind !== 'record' || incoming.record.type !== 'trigger') yield incoming.record;
    else yield await planOne(incoming.record as Trigger, options);
  }
}

async function planOne(trigger: Trigger, options: DiscoverRecordsOptions): Promise<AnyRecord> {
  try {
    const plan = await options.plan(trigger);
    for (const warning of plan.warnings) options.log.warning(`${plan.recipe}: ${warning}`);
    return plan;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return refuse(trigger, error, options);
  }
}

function noteBad(incoming: Incoming, { log, outcome }: DiscoverRecordsOptions): void {
  if (incoming.kind !== 'bad') return;
  log.error(incoming.record.message, incoming.record.hint);
  outcome.note(exitStatus.badInput);
}

function refuse(
  record: AnyRecord,
  failure: Failure,
  { stamping, log, outcome }: DiscoverRecordsOptions,
): AnyRecord {
  const message = `${record.recipe}: ${failure.message}`;
  log.error(message, failure.hint);
  // Ended by us: the signal, or the reader that left, has its own status.
  if (failure.code !== 'ended') outcome.note(failure.status);
  const hint = failure.hint === undefined ? {} : { hint: failure.hint };
  const fields = { type: 'error' as const, key: record.key as string, message, ...hint };
  return stamp(fields, stamping) satisfies ErrorRecord;
}
