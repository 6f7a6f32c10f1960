import { contractVersion } from '@ccci/lib/records/common.ts';
import type { Drop } from '@ccci/lib/records/drop.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import type { Judged } from '@ccci/lib/state/accept.ts';
import { queueName } from '@ccci/lib/state/names.ts';

/** What becomes of one record: what goes to standard output, and what must be durable before it does. */
export type Judgement = { readonly output: AnyRecord; readonly store: Judged | null };

/** What a judgement says of itself; the same for all records that are judged at once. */
export type Stamp = { readonly by: string; readonly at: string };

export type JudgeFacts = {
  /** True for a key that was judged before. */
  readonly isKnown: boolean;
  /** Why this trigger is one too many for its author; null when it is not. */
  readonly overLimit: string | null;
  /** Order of acceptance, should it be accepted. */
  readonly seq: number;
  readonly stamp: Stamp;
};

/**
 * Judges one record of the contract (triggers.md, steps 2 and 5). A known key becomes a `drop` `duplicate`; a new
 * trigger or cancel gets its `spool` and `seq` and waits in `new`; a new drop goes to `done`; everything else passes.
 */
export function judge(record: AnyRecord, { isKnown, overLimit, seq, stamp }: JudgeFacts): Judgement {
  if (!isJudged(record)) return { output: record, store: null };
  if (isKnown) return { output: duplicate(record, stamp), store: null };
  const key = String(record.key);
  const file = queueName(record);
  if (overLimit !== null) {
    const output = overLimitDrop(record, overLimit, stamp);
    return { output, store: { file, key, record: output, folder: 'done' } };
  }
  const isDrop = record.type === 'drop';
  const output = isDrop ? record : { ...record, spool: file, seq };
  return { output, store: { file, key, record: output, folder: isDrop ? 'done' : 'new' } };
}

/** By hand means no forge: nothing is stored, claimed or posted. A `duplicate` says itself that its key is known. */
export function isJudged({ type, forge, reason, key }: AnyRecord): boolean {
  if (type === 'trigger') return forge !== undefined;
  if (type === 'drop') return reason !== 'duplicate' && !String(key).startsWith('hand-');
  return type === 'cancel';
}

/**
 * True for a drop that takes a waiting trigger of its key back: its author may not ask for it any more. Any other
 * reason is a second judgement of what was judged for ever (triggers.md, What is history).
 */
export function takesBack({ type, reason }: AnyRecord): boolean {
  return type === 'drop' && reason === 'not-allowed';
}

/** True for a trigger whose author has to be counted. */
export function isCounted(record: AnyRecord): record is Trigger {
  return record.type === 'trigger' && isJudged(record) && record.comment !== undefined;
}

/**
 * The answer to a known key. It says where, for people; what was accepted under this key says the rest. Only these
 * fields come from the record, and only when they are what a drop may have there: nobody has checked it.
 */
export function duplicate({ type, key, forge, owner, name, pr }: AnyRecord, { by, at }: Stamp): Drop {
  const { number } = (pr ?? {}) as { number?: unknown };
  return {
    type: 'drop',
    v: contractVersion,
    at,
    by,
    key: key as string,
    reason: 'duplicate',
    detail: `this ${type} was judged before; a comment counts once`,
    forge: textOrNone(forge),
    owner: textOrNone(owner),
    name: textOrNone(name),
    pr: Number.isSafeInteger(number) && Number(number) > 0 ? { number: number as number } : undefined,
  };
}

function textOrNone(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function overLimitDrop(
  { key, forge, owner, name, pr, comment }: AnyRecord,
  detail: string,
  { by, at }: Stamp,
): AnyRecord {
  const where = { forge, owner, name, pr, comment };
  return { type: 'drop', v: contractVersion, at, by, key, reason: 'limit', detail, ...where };
}
