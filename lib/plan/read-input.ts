import { until } from '../program/ending.ts';
import { Failure } from '../program/failure.ts';
import { decode, type Incoming } from '../records/decode.ts';
import type { Stamping } from '../records/encode.ts';
import { fillTrigger } from '../records/fill.ts';
import type { AnyRecord } from '../records/types.ts';
import { type CompleteOptions, completeTrigger } from './complete.ts';

/** A line of input; `failure` says why the repository of a trigger by hand cannot be used. */
export type Input = { readonly incoming: Incoming; readonly failure?: Failure };

export type ReadOptions = {
  readonly stamping: Stamping;
  readonly complete: CompleteOptions;
  /** Ends the reading, even while the source is silent. */
  readonly ending: AbortSignal;
};

/** Stands for a commit that could not be found, so that all other fields are checked nevertheless. */
const noCommit = '0'.repeat(40);

/** Decodes the input and completes triggers by hand; one whose repository cannot be used keeps its key. */
export async function* readInput(
  bytes: AsyncIterable<Uint8Array>,
  { stamping, complete, ending }: ReadOptions,
): AsyncGenerator<Input> {
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
  for await (const incoming of until(decode(bytes, { ...stamping, fill }), ending)) {
    const failure = failures.get(incoming.record);
    yield failure === undefined ? { incoming } : { incoming, failure };
  }
}
