import { z } from 'zod';
import { exampleAt, exampleHash, exampleKey, runShape, stageNameSchema, statusSchema } from './common.ts';

/** Longest `message` in a record, in bytes; what is cut is said with `cut`. */
export const testMessageLimit = 16 * 1024;

/** One assertion or test case. */
export const testSchema = z.looseObject({
  type: z.literal('test'),
  ...runShape,
  stage: stageNameSchema,
  on: z.string().nullable(),
  name: z.string(),
  /** Test file relative to the recipe's test folder; null for a check of ccci's own. */
  file: z.string().nullable(),
  status: statusSchema,
  ms: z.number().nonnegative(),
  message: z.string().nullable(),
  /** Bytes that were cut off `message`. */
  cut: z.int().positive().optional(),
});
export type TestRecord = z.infer<typeof testSchema>;

export const testExample: TestRecord = {
  type: 'test',
  v: 1,
  at: exampleAt,
  by: 'ccci-stage/0.1.0',
  key: exampleKey,
  run: exampleKey,
  stage: 'custom',
  on: exampleHash,
  name: 'the front page shows a title',
  file: 'custom/front.test.ts',
  status: 'pass',
  ms: 12,
  message: null,
};
