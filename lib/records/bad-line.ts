import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { type Stamping, stamp } from './encode.ts';
import type { ErrorRecord } from './error.ts';
import { keptLimit } from './lines.ts';
import type { TextLine } from './texts.ts';

/** Why a line cannot be used, and what to do. */
export type Refusal = { readonly message: string; readonly hint?: string | undefined };

/** The `error` record in the place of a line: its first 64 KiB, and the length and hash of the whole (records.md). */
export function badLine(line: TextLine, { message, hint }: Refusal, stamping: Stamping): ErrorRecord {
  const { kept, bytes, sha256 } = keep(line);
  const whole = kept.subarray(0, wholeCharacters(kept, bytes));
  const said = isUtf8(whole) ? { line: whole.toString('utf8') } : { lineBase64: kept.toString('base64') };
  const record = stamp({ type: 'error', message, ...(hint === undefined ? {} : { hint }) }, stamping);
  return { ...record, ...said, bytes, sha256 } as ErrorRecord;
}

type Kept = { readonly kept: Buffer; readonly bytes: number; readonly sha256: string };

function keep(line: TextLine): Kept {
  if (typeof line === 'string') return keep(Buffer.from(line, 'utf8'));
  if (!Buffer.isBuffer(line)) return { kept: line.kept, bytes: line.size, sha256: line.sha256 };
  const sha256 = createHash('sha256').update(line).digest('hex');
  return { kept: line.subarray(0, keptLimit), bytes: line.length, sha256 };
}

/** How much of a line that was cut off ends with a whole character: text stays text. */
function wholeCharacters(kept: Buffer, bytes: number): number {
  if (bytes === kept.length) return kept.length;
  let start = kept.length - 1;
  while (start > kept.length - 4 && ((kept[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  return isUtf8(kept.subarray(start)) ? kept.length : start;
}
