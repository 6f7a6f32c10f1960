import { type Stamping, stamp } from '@ccci/lib/records/encode.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import type { Judged } from '@ccci/lib/state/accept.ts';
import { queueName } from '@ccci/lib/state/names.ts';

/** What becomes of one record: what goes to standard output, and what must be durable before it does. */
export type Judgement = { readonly output: AnyRecord; readonly store: Judged | null };

export type JudgeFacts = {
  /** True for a key that was judged before. */
  readonly isKnown: boolean;
  /** Why this trigger is one too many for its author; null when it is not. */
  readonly overLimit: string | null;
  /** Order of acceptance, should it be accepted. */
  readonly seq: number;
  readonly stamping: Stamping;
};

/**
 * Judges one record of the contract (triggers.md, steps 2 and 5). A known key becomes a `drop` `duplicate`; a new
 * trigger or cancel gets its `spool` and `seq` and waits in `new`; a new drop goes to `done`; everything else passes.
 */
export function judge(record: AnyRecord, { isKnown, overLimit, seq, stamping }: JudgeFacts): Judgement {
  if (!isJudged(record)) return { output: record, store: null };
  if (isKnown) return { output: duplicate(record, stamping), store: null };
  const key = String(record.key);
  const file = queueName(record);
  if (overLimit !== null) {
    const output = dropped(record, 'limit', overLimit, stamping);
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

/** True for a trigger whose author has to be counted. */
export function isCounted(record: AnyRecord): record is Trigger {
  return record.type === 'trigger' && isJudged(record) && record.comment !== undefined;
}

/** What is said of a record whose key was judged before. */
export function duplicate(record: AnyRecord, stamping: Stamping): AnyRecord {
  return dropped(
    record,
    'duplicate',
    `this ${record.type} was judged before; a comment counts once`,
    stamping,
  );
}

function dropped(
  { key, forge, owner, name, pr, comment }: AnyRecord,
  reason: string,
  detail: string,
  stamping: Stamping,
): AnyRecord {
  return stamp({ type: 'drop', key, reason, detail, forge, owner, name, pr, comment }, stamping);
}
