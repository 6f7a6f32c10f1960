import { z } from 'zod';
import { exampleAt, exampleHash, exampleKey, hashSchema, keyedShape, stageNameSchema } from './common.ts';
import { triggerExample, triggerSchema } from './trigger.ts';

export const runnerSchema = z.enum(['pytest', 'node', 'tap']);
export const originSchema = z.enum(['operator', 'repository']);

export const plannedTestSchema = z.looseObject({
  stage: stageNameSchema,
  /** Relative to the folder of its origin (`tests/<recipe>` of the operator's tree, or of the recipe's repository). */
  file: z.string(),
  runner: runnerSchema,
  origin: originSchema,
  /** It is on the target branch and not in the commit under test: it is not run, and said so. */
  removed: z.boolean().optional(),
});
export type PlannedTest = z.infer<typeof plannedTestSchema>;

export const plannedStageSchema = z.looseObject({
  name: stageNameSchema,
  /** What is expected to happen: it runs, or it does not apply, or it cannot run though it should. */
  does: z.enum(['run', 'skip', 'unver']),
  reason: z.string().nullable(),
});
export type PlannedStage = z.infer<typeof plannedStageSchema>;

export const baseSchema = z.looseObject({
  ref: hashSchema,
  /** The published version (tag), null for the tip of the target branch. */
  version: z.string().nullable(),
  why: z.string(),
});
export type Base = z.infer<typeof baseSchema>;

/** What would run: printed by discover, carried out by stage. */
export const planSchema = z.looseObject({
  type: z.literal('plan'),
  ...keyedShape,
  trigger: triggerSchema,
  recipe: z.string(),
  ref: hashSchema,
  /** Tag at the commit, or the version label of `compose.yml`; null where there is none. */
  version: z.string().nullable(),
  base: baseSchema.nullable(),
  scope: z.enum(['full', 'partial']),
  stages: z.array(plannedStageSchema),
  tests: z.array(plannedTestSchema),
  hooks: z.array(z.looseObject({ name: z.string(), file: z.string(), origin: originSchema })),
  overlays: z.array(z.looseObject({ file: z.string(), for: z.enum(['both', 'base']) })),
  /** The recipe's `recipe.yml` with defaults filled in. */
  settings: z.record(z.string(), z.unknown()),
  /** Tests per stage; keys are stage names, `custom` for all custom ones (D3). */
  counts: z.record(z.string(), z.int().nonnegative()),
  /** The operator's tree of tests: its commit where it is a git checkout. */
  tree: z.looseObject({ path: z.string().nullable(), commit: z.string().nullable() }),
  warnings: z.array(z.string()),
});
export type Plan = z.infer<typeof planSchema>;

export const planExample: Plan = {
  type: 'plan',
  v: 1,
  at: exampleAt,
  by: 'ccci-discover/0.1.0',
  key: exampleKey,
  trigger: triggerExample,
  recipe: 'ghost',
  ref: exampleHash,
  version: '6.1.0+5.9.1',
  base: {
    ref: '1111111111111111111111111111111111111111',
    version: '6.0.2+5.8.0',
    why: 'newest published version below 6.1.0+5.9.1',
  },
  scope: 'full',
  stages: [
    { name: 'install', does: 'run', reason: null },
    { name: 'backup', does: 'skip', reason: 'the recipe has no backup labels' },
  ],
  tests: [{ stage: 'custom', file: 'custom/test_posts.py', runner: 'pytest', origin: 'operator' }],
  hooks: [{ name: 'seed', file: 'hooks/seed', origin: 'operator' }],
  overlays: [{ file: 'compose.ccci.yml', for: 'both' }],
  settings: { health: { path: '/', ok: [200] } },
  counts: { custom: 1 },
  tree: { path: 'ghost', commit: null },
  warnings: [],
};
