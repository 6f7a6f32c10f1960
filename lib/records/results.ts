import { z } from 'zod';
import { changesSchema } from './changes.ts';
import {
  causeSchema,
  kindSchema,
  scopeSchema,
  stageNameSchema,
  statusSchema,
  verdictSchema,
} from './common.ts';

export const rungNames = ['install', 'upgrade', 'backup_restore', 'functional', 'lint'] as const;
export const rungNameSchema = z.enum(rungNames);
export type RungName = z.infer<typeof rungNameSchema>;

export const resultTestSchema = z.looseObject({
  name: z.string(),
  status: statusSchema,
  ms: z.number().nonnegative(),
  file: z.string().nullable(),
  message: z.string().nullable().optional(),
  cut: z.int().positive().optional(),
});

/** A row for every stage that was attempted, in order (L33). */
export const resultStageSchema = z.looseObject({
  name: stageNameSchema,
  status: statusSchema,
  cause: causeSchema.nullable(),
  summary: z.string().nullable(),
  on: z.string().nullable(),
  ms: z.number().nonnegative(),
  tests: z.array(resultTestSchema),
});
export type ResultStage = z.infer<typeof resultStageSchema>;

const stageResultSchema = z.object({
  install: statusSchema,
  upgrade: statusSchema,
  backup: statusSchema,
  restore: statusSchema,
  custom: statusSchema,
});

export const rungsSchema = z.object({
  install: statusSchema,
  upgrade: statusSchema,
  backup_restore: statusSchema,
  functional: statusSchema,
  lint: statusSchema,
});
export type Rungs = z.infer<typeof rungsSchema>;

export const skippedSchema = z.looseObject({ name: z.string(), reason: z.string() });

/** The shape of `results.json`, schema 3; source: stages.md. */
export const resultsShape = {
  schema: z.literal(3),
  run_id: z.string(),
  kind: kindSchema,
  scope: scopeSchema,
  recipe: z.string(),
  version: z.string().nullable(),
  /** Number of the pull request as a string, null at home. */
  pr: z.string().nullable(),
  /** 12 hexadecimal digits; with `+U` for a checkout with uncommitted files. */
  ref: z.string(),
  /** Version, or 12 hexadecimal digits, that the upgrade began from. */
  base: z.string().nullable(),
  /** Epoch seconds, with fraction. */
  started: z.number(),
  finished: z.number(),
  verdict: verdictSchema,
  /** One sentence: why this verdict. */
  reason: z.string(),
  level: z.int().min(0).max(5).nullable(),
  /** How many of the five rungs were exercised (`pass` or `fail`). */
  exercised: z.int().min(0).max(5),
  results: stageResultSchema,
  rungs: rungsSchema,
  stages: z.array(resultStageSchema),
  lint: z.looseObject({ status: statusSchema, detail: z.string(), rules_failed: z.array(z.string()) }),
  /** Declared or structural skips with their reason, and what should have run and did not. */
  skips: z.looseObject({
    intentional: z.record(z.string(), z.string()),
    unintentional: z.array(z.looseObject({ name: z.string(), reason: z.string() })),
  }),
  flags: z.looseObject({
    clean_teardown: z.boolean(),
    no_secret_leak: z.boolean().nullable(),
    /** Its deployment was left up on purpose; then the teardown is not clean. */
    kept: z.boolean().optional(),
  }),
  /** What an operator must do to upgrade, in words. */
  operator: z.array(z.string()),
  screenshot: z.string().nullable(),
  /** Of the deployment after the upgrade. */
  screenshot_upgrade: z.string().nullable().optional(),
  summary_card: z.string().nullable(),
  /** What changes between base and commit; absent where there is no base, or where it was not compared. */
  changes: changesSchema.optional(),
  environment: z.record(z.string(), z.unknown()),
  customization: z.record(z.string(), z.unknown()),
};
export const resultsSchema = z.looseObject(resultsShape);
export type Results = z.infer<typeof resultsSchema>;

export const resultsExample: Results = {
  schema: 3,
  run_id: 'gitea-14497',
  kind: 'pull',
  scope: 'full',
  recipe: 'ghost',
  version: '6.1.0+5.9.1',
  pr: '3',
  ref: '720faa0bebc4',
  base: '6.0.2+5.8.0',
  started: 1781309285.11,
  finished: 1781309502.55,
  verdict: 'red',
  reason: 'upgrade failed',
  level: 1,
  exercised: 5,
  results: { install: 'pass', upgrade: 'fail', backup: 'pass', restore: 'pass', custom: 'pass' },
  rungs: { install: 'pass', upgrade: 'fail', backup_restore: 'pass', functional: 'pass', lint: 'pass' },
  stages: [
    {
      name: 'install',
      status: 'pass',
      cause: null,
      summary: null,
      on: '720faa0bebc4',
      ms: 41210,
      tests: [{ name: 'GET / answers 200', status: 'pass', ms: 12, file: null }],
    },
  ],
  lint: { status: 'pass', detail: '13 rules passed, 2 skipped', rules_failed: [] },
  skips: { intentional: {}, unintentional: [] },
  flags: { clean_teardown: true, no_secret_leak: true },
  operator: ['new secret: jwt_secret'],
  screenshot: null,
  summary_card: null,
  environment: { engine: '26.1.5' },
  customization: { tests: 4 },
};
