import { z } from 'zod';
import { changesSchema } from './changes.ts';
import {
  causeSchema,
  exampleAt,
  exampleHash,
  exampleKey,
  runShape,
  stageNameSchema,
  statusSchema,
} from './common.ts';

/** One stage's end. `on` is the commit that the running tasks had, read from the engine, not from the plan. */
export const stageFinishedSchema = z.looseObject({
  type: z.literal('stage.finished'),
  ...runShape,
  stage: stageNameSchema,
  on: z.string().nullable(),
  attempt: z.int().positive(),
  status: statusSchema,
  /** Who is to blame for a `fail`; null otherwise. */
  cause: causeSchema.nullable(),
  /** A sentence that a maintainer understands; null for a plain pass. */
  summary: z.string().nullable(),
  ms: z.number().nonnegative(),
  /** Of `policy`, where there is a base: what changes between it and the commit. */
  changes: changesSchema.optional(),
});
export type StageFinished = z.infer<typeof stageFinishedSchema>;

export const stageFinishedExample: StageFinished = {
  type: 'stage.finished',
  v: 1,
  at: exampleAt,
  by: 'ccci-stage/0.1.0',
  key: exampleKey,
  run: exampleKey,
  stage: 'upgrade',
  on: exampleHash,
  attempt: 1,
  status: 'fail',
  cause: 'recipe',
  summary: 'upgrade did not land: Swarm paused the update of app after 1 failed task (exit 1: "no")',
  ms: 41210,
};
