import { z } from 'zod';
import { exampleAt, exampleKey, keyedShape } from './common.ts';

/** What was posted where. */
export const reportSchema = z.looseObject({
  type: z.literal('report'),
  ...keyedShape,
  run: z.string().optional(),
  /** `pending` when the trigger was acknowledged, `final` with the verdict. */
  stage: z.enum(['pending', 'final']),
  comment: z.int().positive().nullable(),
  status: z.int().positive().nullable(),
  /** Path of the page, relative to the report directory. */
  page: z.string().nullable(),
});
export type Report = z.infer<typeof reportSchema>;

export const reportExample: Report = {
  type: 'report',
  v: 1,
  at: exampleAt,
  by: 'ccci-report/0.1.0',
  key: exampleKey,
  run: exampleKey,
  stage: 'final',
  comment: 15001,
  status: 2,
  page: 'runs/gitea-14497/',
};
