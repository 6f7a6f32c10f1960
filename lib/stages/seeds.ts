import { randomUUID } from 'node:crypto';
import {
  checkSeeds,
  destroySeeds,
  type SeedCheck,
  type SeedOptions,
  type Seeds,
  seedVolumes,
} from '../backup/seed.ts';
import { readBackupLabels } from '../recipe/backup-labels.ts';
import type { StageName } from '../records/common.ts';
import { imagesOf } from '../swarm/images.ts';
import { type RunContext, runLabels } from './context.ts';
import type { Prepared } from './prepare.ts';
import type { StageOutcome } from './recorder.ts';
import { callHook, hasHook, hookProblem } from './run-hook.ts';
import { seededNames } from './stage-state.ts';

/** What was seeded into a deployment, by ccci itself and by the operator's hook. */
export type SeededData = { readonly seeds: Seeds; readonly byHook: boolean; readonly problem: string | null };

/** Puts data of ours into the deployment; the hook `seed` puts its own besides (stages.md, Seeded data). */
export async function seedData(
  context: RunContext,
  prepared: Prepared,
  stage: StageName,
): Promise<SeededData> {
  const token = randomUUID().replaceAll('-', '').slice(0, 16);
  const seeds = await seedVolumes({ ...seedOptions(context, prepared), token });
  context.scratch.seen.seeded = seededNames(context.stack, seeds);
  const hook = await callHook(context, 'seed', stage);
  return { seeds, byHook: hasHook(context, 'seed'), problem: hook.ok ? null : hook.summary };
}

/** Changes and drops what was seeded, so that only a restore can bring it back. */
export async function destroyData(
  context: RunContext,
  prepared: Prepared,
  data: SeededData,
): Promise<StageOutcome | null> {
  const reasons = await destroySeeds(data.seeds, seedOptions(context, prepared));
  const hook = await callHook(context, 'mutate', 'restore');
  const problems = [...reasons, ...(hook.ok ? [] : [hook.summary])];
  if (problems.length === 0) return null;
  return { status: 'unver', summary: `the seeded data could not be destroyed: ${problems.join('; ')}` };
}

/** Compares what was seeded; each volume and database is a test record. Null when all of it is there, unchanged. */
export async function checkData(
  context: RunContext,
  prepared: Prepared,
  data: SeededData,
  when: string,
): Promise<StageOutcome | null> {
  const checks = await checkSeeds(data.seeds, seedOptions(context, prepared));
  await recordChecks(context, checks, when);
  const hook = await callHook(context, 'check', context.recorder.present());
  const status = hook.ok ? 'pass' : hook.fault === 'recipe' ? 'fail' : 'unver';
  const judged = judgeChecks([...checks, { what: 'hook check', status, message: hook.summary }], data, when);
  return judged ?? hookProblem(hook);
}

/** One test record for each seeded thing that was looked at. */
export async function recordChecks(
  context: RunContext,
  checks: readonly SeedCheck[],
  when: string,
): Promise<void> {
  for (const { what, status, message } of checks) {
    await context.recorder.test({ name: `seeded data of ${what} is there ${when}`, status, ms: 0, message });
  }
}

/** Lost data is the recipe's failure; data that could not be seeded is never a pass, unless a hook seeds it. */
export function judgeChecks(
  checks: readonly SeedCheck[],
  data: SeededData,
  when: string,
): StageOutcome | null {
  const words = (status: SeedCheck['status']) =>
    checks.filter((check) => check.status === status).map(({ what, message }) => `${what}: ${message}`);
  const lost = words('fail');
  if (lost.length > 0)
    return { status: 'fail', cause: 'recipe', summary: `seeded data is lost ${when}: ${lost.join('; ')}` };
  if (data.problem !== null) return { status: 'unver', summary: data.problem };
  const unknown = words('unver');
  if (unknown.length === 0 || data.byHook) return null;
  return { status: 'unver', summary: `data is not proven ${when}: ${unknown.join('; ')}` };
}

/** What backup, restore and seeding need of a deployment; any of its images carries the volumes. */
export function seedOptions(context: RunContext, prepared: Prepared): SeedOptions {
  const [image] = imagesOf(prepared.text);
  return {
    engine: context.engine,
    stack: context.stack,
    spec: readBackupLabels(prepared.rendered, context.stack),
    compose: prepared.rendered,
    image: image ?? '',
    labels: runLabels(context),
    signal: context.signal,
  };
}
