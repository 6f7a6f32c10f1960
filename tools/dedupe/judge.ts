import { contractVersion } from '@ccci/lib/records/common.ts';
import type { Drop } from '@ccci/lib/records/drop.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import type { Judged } from '@ccci/lib/state/accept.ts';
import type { KeySet } from '@ccci/lib/state/key-set.ts';
import { queueName } from '@ccci/lib/state/names.ts';

/** What becomes of one record: what goes to standard output, and what must be durable before it does. */
export type Judgement = { readonly output: AnyRecord; readonly store: Judged | null };

/** What a judgement says of itself; the same for all records that are judged at once. */
export type Stamp = { readonly by: string; readonly at: string };

/**
 * Judges one record of the contract (triggers.md, steps 2 and 5). A known key becomes a `drop` `duplicate`; a new
 * trigger or cancel gets its `spool` and waits in `new`; a new drop goes to `done`; everything else passes.
 */
export function judge(record: AnyRecord, known: Pick<KeySet, 'has'>, stamp: Stamp): Judgement {
  if (!isJudged(record)) return { output: record, store: null };
  if (isKnown(record, known)) return { output: duplicate(record, stamp), store: null };
  const file = queueName(record);
  const isDrop = record.type === 'drop';
  const output = isDrop ? record : { ...record, spool: file };
  return {
    output,
    store: { file, key: String(record.key), record: output, folder: isDrop ? 'done' : 'new' },
  };
}

/** Whether a record is a duplicate whatever its other fields say; they need not be valid. */
export function isSettled(record: AnyRecord, known: Pick<KeySet, 'has'>): boolean {
  return isJudged(record) && isKnown(record, known);
}

/**
 * The answer to a known key. It says where, for people; what was accepted under this key says the rest. Only these fields come from the record, and
 * only when they are what a drop may have there: nobody has checked it.
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

/** By hand means no forge: nothing is stored, claimed or posted. A `duplicate` says itself that its key is known. */
function isJudged({ type, forge, reason, key }: AnyRecord): boolean {
  if (type === 'trigger') return forge !== undefined;
  if (type === 'drop') return reason !== 'duplicate' && !String(key).startsWith('hand-');
  return type === 'cancel';
}

function isKnown({ key }: AnyRecord, known: Pick<KeySet, 'has'>): boolean {
  return typeof key === 'string' && known.has(key);
}

function textOrNone(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
