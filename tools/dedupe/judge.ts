import { type Stamping, stamp } from '@ccci/lib/records/encode.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import type { Judged } from '@ccci/lib/state/accept.ts';
import { queueName } from '@ccci/lib/state/names.ts';

/** What becomes of one record: what goes to standard output, and what must be durable before it does. */
export type Judgement = { readonly output: AnyRecord; readonly store: Judged | null };

/**
 * Judges one record of the contract (triggers.md, steps 2 and 5). A known key becomes a `drop` `duplicate`; a new
 * trigger or cancel gets its `spool` and waits in `new`; a new drop goes to `done`; everything else passes.
 */
export function judge(record: AnyRecord, known: ReadonlySet<string>, stamping: Stamping): Judgement {
  if (!isJudged(record)) return { output: record, store: null };
  const key = String(record.key);
  if (known.has(key)) return { output: duplicate(record, stamping), store: null };
  const file = queueName(record);
  const isDrop = record.type === 'drop';
  const output = isDrop ? record : { ...record, spool: file };
  return { output, store: { file, key, record: output, folder: isDrop ? 'done' : 'new' } };
}

/** By hand means no forge: nothing is stored, claimed or posted. A `duplicate` says itself that its key is known. */
function isJudged({ type, forge, reason, key }: AnyRecord): boolean {
  if (type === 'trigger') return forge !== undefined;
  if (type === 'drop') return reason !== 'duplicate' && !String(key).startsWith('hand-');
  return type === 'cancel';
}

function duplicate({ type, key, forge, owner, name, pr, comment }: AnyRecord, stamping: Stamping): AnyRecord {
  const detail = `this ${type} was judged before; a comment counts once`;
  return stamp({ type: 'drop', key, reason: 'duplicate', detail, forge, owner, name, pr, comment }, stamping);
}
