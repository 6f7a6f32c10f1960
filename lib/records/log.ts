import { z } from 'zod';
import { exampleAt, exampleKey, runShape, stageNameSchema } from './common.ts';

/** Longest `line` in a record, in bytes; what is cut is said with `cut`. */
export const logLineLimit = 16 * 1024;

/** A line of a service or of a tool; secrets are masked before it is written. */
export const logSchema = z.looseObject({
  type: z.literal('log'),
  ...runShape,
  stage: stageNameSchema,
  service: z.string().optional(),
  tool: z.string().optional(),
  line: z.string(),
  /** Bytes that were cut off `line`. */
  cut: z.int().positive().optional(),
});
export type LogRecord = z.infer<typeof logSchema>;

export const logExample: LogRecord = {
  type: 'log',
  v: 1,
  at: exampleAt,
  by: 'ccci-stage/0.1.0',
  key: exampleKey,
  run: exampleKey,
  stage: 'install',
  service: 'app',
  line: 'listening on 2368',
};
