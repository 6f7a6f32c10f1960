import { z } from 'zod';
import { exampleAt, exampleHash, exampleKey, kindSchema, runShape, scopeSchema } from './common.ts';

/** Begins a run. */
export const runStartedSchema = z.looseObject({
  type: z.literal('run.started'),
  ...runShape,
  recipe: z.string(),
  ref: z.string(),
  base: z.string().nullable(),
  domain: z.string(),
  kind: kindSchema,
  scope: scopeSchema,
  /** How long a whole run of this recipe takes, by its past; absent of a partial run, and where nobody can tell. */
  expectedMs: z.number().nonnegative().optional(),
  /** What the run depends on besides the commit: engine, client, node, programs, images (L51). */
  environment: z.record(z.string(), z.unknown()),
});
export type RunStarted = z.infer<typeof runStartedSchema>;

export const runStartedExample: RunStarted = {
  type: 'run.started',
  v: 1,
  at: exampleAt,
  by: 'ccci-stage/0.1.0',
  key: exampleKey,
  run: exampleKey,
  recipe: 'ghost',
  ref: exampleHash,
  base: '6.0.2+5.8.0',
  domain: 'ghos-1a2b3c.ci.example.org',
  kind: 'pull',
  scope: 'full',
  expectedMs: 360_000,
  environment: { engine: '26.1.5', client: '28.2.2', node: 'v24.21.0' },
};
