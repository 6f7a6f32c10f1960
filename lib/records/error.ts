import { z } from 'zod';
import { exampleAt, keySchema, stampShape } from './common.ts';

/** Input or work that could not be used; nothing is lost silently (records.md, rule 3). */
export const errorSchema = z.looseObject({
  type: z.literal('error'),
  ...stampShape,
  key: keySchema.optional(),
  message: z.string().min(1),
  hint: z.string().optional(),
  /** The first 64 KiB of a line of input that could not be used; `lineBase64` where it is not UTF-8. */
  line: z.string().optional(),
  lineBase64: z.string().optional(),
  /** Length and hash of the whole line. */
  bytes: z.int().nonnegative().optional(),
  sha256: z.string().optional(),
});
export type ErrorRecord = z.infer<typeof errorSchema>;

export const errorExample: ErrorRecord = {
  type: 'error',
  v: 1,
  at: exampleAt,
  by: 'ccci-dedupe/0.1.0',
  message: 'line 3 is not JSON: Unexpected token',
  hint: 'one JSON object per line is expected',
  line: 'hello',
  bytes: 5,
  sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
};
