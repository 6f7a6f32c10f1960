import { z } from 'zod';
import { exampleAt, exampleHash, exampleKey, runShape, stageNameSchema } from './common.ts';

export const stageStartedSchema = z.looseObject({
  type: z.literal('stage.started'),
  ...runShape,
  stage: stageNameSchema,
  on: z.string().nullable(),
  attempt: z.int().positive(),
});
export type StageStarted = z.infer<typeof stageStartedSchema>;

export const stageStartedExample: StageStarted = {
  type: 'stage.started',
  v: 1,
  at: exampleAt,
  by: 'ccci-stage/0.1.0',
  key: exampleKey,
  run: exampleKey,
  stage: 'install',
  on: exampleHash,
  attempt: 1,
};
