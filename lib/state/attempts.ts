import type { AnyRecord } from '../records/types.ts';

export type Attempts = {
  /** Claims so far, of any end. */
  readonly claims: number;
  /** Claims that were not given back: whoever made them died. */
  readonly died: number;
  /** Run id of the last claim, null without one. */
  readonly lastRun: string | null;
};

/** Reads from a journal how often its trigger was taken; a `queued` behind a claim says that it was given back. */
export function attemptsOf(records: readonly AnyRecord[]): Attempts {
  const counted: { claims: number; died: number; lastRun: string | null } = {
    claims: 0,
    died: 0,
    lastRun: null,
  };
  for (const [index, record] of records.entries()) {
    if (record.type !== 'claim') continue;
    counted.claims += 1;
    counted.lastRun = String(record.run);
    if (!wasGivenBack(records.slice(index + 1))) counted.died += 1;
  }
  return counted;
}

function wasGivenBack(after: readonly AnyRecord[]): boolean {
  const nextClaim = after.findIndex((record) => record.type === 'claim');
  const own = nextClaim === -1 ? after : after.slice(0, nextClaim);
  return own.some((record) => record.type === 'queued');
}
