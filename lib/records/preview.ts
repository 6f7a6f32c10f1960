import { z } from 'zod';
import { changesExample, changesSchema } from './changes.ts';
import { exampleAt, exampleKey, keyedShape } from './common.ts';
import { planExample, planSchema } from './plan.ts';
import { resultStageSchema } from './results.ts';

/**
 * What can be told of a trigger while it waits: all that its run says before it deploys anything. It decides nothing:
 * the run looks again.
 */
export const previewSchema = z.looseObject({
  type: z.literal('preview'),
  ...keyedShape,
  plan: planSchema,
  /** `checkout`, `policy` and `lint`, as far as it came. */
  stages: z.array(resultStageSchema),
  /** What changes between base and commit; absent where it was not compared. */
  changes: changesSchema.optional(),
  /** How long a whole run takes; absent where nobody can tell. */
  expectedMs: z.number().nonnegative().optional(),
});
export type Preview = z.infer<typeof previewSchema>;

const pass = { status: 'pass', cause: null, summary: null, on: null, tests: [] } as const;

export const previewExample: Preview = {
  type: 'preview',
  v: 1,
  at: exampleAt,
  by: 'ccci-stage/0.1.0',
  key: exampleKey,
  plan: planExample,
  stages: [
    { ...pass, name: 'checkout', ms: 812, tests: [] },
    { ...pass, name: 'policy', ms: 340, tests: [] },
    {
      ...pass,
      name: 'lint',
      ms: 9,
      tests: [{ name: 'R011', status: 'pass', ms: 0, file: null, message: null }],
    },
  ],
  changes: changesExample,
  expectedMs: 372000,
};
