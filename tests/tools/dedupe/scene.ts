import { join } from 'node:path';
import { makeOutcome } from '@ccci/lib/program/outcome.ts';
import { decodeBatches, type Incoming } from '@ccci/lib/records/decode.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { prepareState } from '@ccci/lib/state/layout.ts';
import { type DedupeOptions, dedupe, type ReadInput } from '../../../tools/dedupe/dedupe.ts';
import type { Batch } from '../../../tools/dedupe/inbox.ts';
import { stamping } from '../../lib/state/scene.ts';

/** What dedupe said on standard error, in all tests of a file. */
export const said: string[] = [];
const log = {
  info: () => {},
  warning: (message: string) => void said.push(message),
  error: (message: string) => void said.push(message),
};

export function optionsOf(state: string, more: Partial<DedupeOptions> = {}): DedupeOptions {
  const ending = new AbortController().signal;
  const limits = { waitingPerPerson: 6, runsPerDay: 30 };
  const runs = join(state, 'runs');
  const placeOf = async () => null;
  return {
    state,
    runs,
    isSpool: false,
    limits,
    placeOf,
    stamping,
    log,
    outcome: makeOutcome(),
    ending,
    ...more,
  };
}

/** Records and lines of text as the input. */
export function lines(...items: readonly (object | string)[]): ReadInput {
  const text = items.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))).join('\n');
  return (isSettled) => batches(decodeBatches(one(Buffer.from(`${text}\n`)), { ...stamping, isSettled }));
}

async function* batches(decoded: AsyncIterable<readonly Incoming[]>): AsyncGenerator<Batch> {
  for await (const incoming of decoded) yield { lines: incoming, remove: null };
}

/** One life of dedupe over this input; what it gives out. */
export async function run(
  options: DedupeOptions,
  ...items: readonly (object | string)[]
): Promise<AnyRecord[]> {
  await prepareState(options.state);
  const out: AnyRecord[] = [];
  for await (const records of dedupe(lines(...items), options)) out.push(...records);
  return out;
}

/** `type key reason` of each. */
export function shown(records: readonly AnyRecord[]): string[] {
  return records.map(({ type, key, reason }) => [type, key, reason].filter(Boolean).join(' '));
}

export async function* one<Value>(item: Value): AsyncGenerator<Value> {
  yield item;
}
