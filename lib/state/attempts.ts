import type { AnyRecord } from '../records/types.ts';

export type Attempts = {
  /** Run ids of the claims so far, of any end, oldest first. */
  readonly runs: readonly string[];
  /** Claims that were not given back: whoever made them died. */
  readonly died: number;
  /** Run id of the last claim, null without one. */
  readonly lastRun: string | null;
};

/** Reads from a journal how often its trigger was taken; a `queued` behind a claim says that it was given back. */
export function attemptsOf(records: readonly AnyRecord[]): Attempts {
  const runs: string[] = [];
  let died = 0;
  for (const [index, record] of records.entries()) {
    if (record.type !== 'claim') continue;
    runs.push(String(record.run));
    if (!wasGivenBack(records.slice(index + 1))) died += 1;
  }
  return { runs, died, lastRun: runs.at(-1) ?? null };
}

function wasGivenBack(after: readonly AnyRecord[]): boolean {
  const nextClaim = after.findIndex((record) => record.type === 'claim');
  const own = nextClaim === -1 ? after : after.slice(0, nextClaim);
  return own.some((record) => record.type === 'queued');
}
