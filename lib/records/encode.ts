import { contractVersion } from './common.ts';

/** What every record carries about its writer. */
export type Stamping = {
  /** `ccci-poll/0.1.0`. */
  readonly by: string;
  /** Now; a parameter, so that the same records and clock give the same bytes. */
  readonly now: () => Date;
};

/** Puts `v`, `at` and `by` behind the type; what the fields already say wins. */
export function stamp<Fields extends { readonly type: string }>(
  fields: Fields,
  { by, now }: Stamping,
): Fields & { v: 1; at: string; by: string } {
  const { type, ...rest } = fields;
  return { type, v: contractVersion, at: now().toISOString(), by, ...rest } as never;
}

/** Cuts text to so many bytes of UTF-8 without breaking a character; `cut` is what is missing, in bytes. */
export function cutText(text: string, limitBytes: number): { readonly text: string; readonly cut: number } {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= limitBytes) return { text, cut: 0 };
  let end = limitBytes;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return { text: bytes.subarray(0, end).toString('utf8'), cut: bytes.length - end };
}

/** One record as a line. */
export function encodeLine(record: object): string {
  return `${JSON.stringify(record)}\n`;
}
