import { type CompleteOptions, completeTrigger } from '@ccci/lib/plan/complete.ts';
import { until } from '@ccci/lib/program/ending.ts';
import { Failure } from '@ccci/lib/program/failure.ts';
import { decode, type Incoming } from '@ccci/lib/records/decode.ts';
import type { ErrorRecord } from '@ccci/lib/records/error.ts';
import { fillTrigger } from '@ccci/lib/records/fill.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';

export type ReadOptions = {
  readonly by: string;
  readonly complete: CompleteOptions;
  /** Ends the reading, even while the source is silent. */
  readonly ending: AbortSignal;
  readonly errorRecord: (failure: Failure, key: string) => ErrorRecord;
  /** Says why the repository of a trigger by hand cannot be used. */
  readonly noteFailure: (failure: Failure) => void;
};

/** Stands for a commit that could not be found, so that all other fields are checked nevertheless. */
const noCommit = '0'.repeat(40);

/**
 * Decodes the input and completes triggers by hand; one whose repository cannot be used becomes an `error` record with
 * its key, passed on like any other that somebody else wrote.
 */
export async function* readInput(
  bytes: AsyncIterable<Uint8Array>,
  { by, complete, ending, errorRecord, noteFailure }: ReadOptions,
): AsyncGenerator<Incoming> {
  const failures = new WeakMap<AnyRecord, Failure>();
  const fill = async (record: AnyRecord) => {
    const filled = fillTrigger(record, complete);
    try {
      return await completeTrigger(filled, complete);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const checked = { ...filled, ref: noCommit };
      failures.set(checked, error);
      return checked;
    }
  };
  for await (const incoming of until(decode(bytes, { by, now: complete.now, fill }), ending)) {
    const failure = failures.get(incoming.record);
    if (failure !== undefined) noteFailure(failure);
    yield failure === undefined
      ? incoming
      : { kind: 'foreign', record: errorRecord(failure, String(incoming.record.key)) };
  }
}
