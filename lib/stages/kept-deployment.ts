import { z } from 'zod';
import { exitStatus, Failure } from '../program/failure.ts';
import type { Stack } from '../recipe/compose.ts';
import { planSchema } from '../records/plan.ts';
import { resultStageSchema } from '../records/results.ts';
import { readKept } from '../runs/kept.ts';

const texts = z.record(z.string(), z.string());
const stackSchema = z.custom<Stack>((value) => typeof value === 'object' && value !== null);
const deploymentShape = {
  domain: z.string(),
  stack: z.string(),
  network: z.string(),
  /** As it was rendered: says which service is routed. */
  rendered: stackSchema,
  /** Full name to value. */
  secrets: texts,
};

/** What is remembered of a deployment that stays up after its run, so that tests can be run against it again. */
export const keptDeploymentSchema = z.looseObject({
  schema: z.literal(1),
  plan: planSchema,
  dirty: z.boolean(),
  ...deploymentShape,
  /** Folder of the commit that tests of the recipe's own repository are taken from. */
  repositoryFolder: z.string().nullable(),
  missingNeed: z.string().nullable(),
  operator: z.array(z.string()),
  seen: z.object({
    seeded: z
      .object({
        volumes: z.array(z.string()),
        databases: z.array(z.string()),
        notSeeded: z.array(z.object({ what: z.string(), why: z.string() })),
      })
      .nullable(),
    snapshot: z.string().nullable(),
  }),
  /** What the run's stages came to: tests may ask for it. */
  rows: z.array(resultStageSchema),
  dependencies: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      ...deploymentShape,
      isReady: z.boolean(),
      credentials: texts,
    }),
  ),
});
export type KeptDeployment = z.infer<typeof keptDeploymentSchema>;

/** What was kept of a run, from its directory. `Failure` 74 where it is not whole. */
export async function readKeptDeployment(dir: string): Promise<KeptDeployment> {
  const parsed = keptDeploymentSchema.safeParse(await readKept(dir));
  if (parsed.success) return parsed.data;
  const message = `what was kept of the run in ${dir} cannot be read`;
  throw new Failure(exitStatus.inputOutput, 'damaged-file', message, {
    cause: parsed.error,
    hint: 'another version of ccci wrote it, or it is damaged: remove the run with ccci-janitor --run, and keep it anew',
  });
}
