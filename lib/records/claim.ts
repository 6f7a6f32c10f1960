import { z } from 'zod';
import { exampleAt, exampleKey, runShape } from './common.ts';

/** Written into the queue file by the stage that took it; `keys` are the triggers it answers together. */
export const claimSchema = z.looseObject({
  type: z.literal('claim'),
  ...runShape,
  attempt: z.int().positive(),
  keys: z.array(z.string()).optional(),
});
export type Claim = z.infer<typeof claimSchema>;

export const claimExample: Claim = {
  type: 'claim',
  v: 1,
  at: exampleAt,
  by: 'ccci-stage/0.1.0',
  key: exampleKey,
  run: exampleKey,
  attempt: 1,
};
