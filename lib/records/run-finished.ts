import { z } from 'zod';
import { exampleAt, exampleHash, exampleKey, hashSchema, runShape } from './common.ts';
import { resultsExample, resultsShape } from './results.ts';

/** Ends a run: everything of `results.json`, and what comes from elsewhere. */
export const runFinishedSchema = z.looseObject({
  type: z.literal('run.finished'),
  ...runShape,
  ...resultsShape,
  /** Run id of the last green full run of this recipe, null where there is none. */
  last_green: z.string().nullable(),
  /** What of the environment differs from the last green run, in words (L51). */
  differences: z.array(z.string()),
  /** Head of the pull request at the end of the run; null where there is none, or it cannot be told. */
  head_now: hashSchema.nullable().optional(),
  history: z.looseObject({ runs: z.int().nonnegative(), green: z.int().nonnegative() }),
});
export type RunFinished = z.infer<typeof runFinishedSchema>;

export const runFinishedExample: RunFinished = {
  type: 'run.finished',
  v: 1,
  at: exampleAt,
  by: 'ccci-stage/0.1.0',
  key: exampleKey,
  run: exampleKey,
  ...resultsExample,
  last_green: 'gitea-14301',
  differences: [],
  head_now: exampleHash,
  history: { runs: 12, green: 11 },
};
