import { type Stamping, stamp } from '@ccci/lib/records/encode.ts';
import type { ErrorRecord } from '@ccci/lib/records/error.ts';
import type { Source } from './sources.ts';

/** What went wrong with a source, as a record; `source` is the key of its cursor. */
export function makeError(
  { key, client }: Source,
  { message, hint }: { readonly message: string; readonly hint?: string | undefined },
  stamping: Stamping,
): ErrorRecord {
  const fields = { type: 'error' as const, message, ...(hint === undefined ? {} : { hint }) };
  return stamp({ ...fields, forge: client.name, source: key }, stamping);
}
