import { type ReadOptions, readInput } from '@ccci/lib/plan/read-input.ts';
import type { Failure } from '@ccci/lib/program/failure.ts';
import type { Incoming } from '@ccci/lib/records/decode.ts';
import type { ErrorRecord } from '@ccci/lib/records/error.ts';

export type StageInputOptions = ReadOptions & {
  readonly errorRecord: (failure: Failure, key: string) => ErrorRecord;
  /** Says why the repository of a trigger by hand cannot be used. */
  readonly noteFailure: (failure: Failure) => void;
};

/**
 * The input of stage: a trigger by hand whose repository cannot be used becomes an `error` record with its key, passed
 * on like any other that somebody else wrote.
 */
export async function* readStageInput(
  bytes: AsyncIterable<Uint8Array>,
  { errorRecord, noteFailure, ...options }: StageInputOptions,
): AsyncGenerator<Incoming> {
  for await (const { incoming, failure } of readInput(bytes, options)) {
    if (failure !== undefined) noteFailure(failure);
    yield failure === undefined
      ? incoming
      : { kind: 'foreign', record: errorRecord(failure, String(incoming.record.key)) };
  }
}
