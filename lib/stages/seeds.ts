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
import { callHook, type HookOutcome, hasHook, hookProblem } from './run-hook.ts';
import { seededNames } from './stage-state.ts';

/** What was seeded into a deployment, by ccci itself and by the operator's hook. */
export type SeededData = {
  readonly seeds: Seeds;
  /** The hook `seed` has put data in: databases are its own to prove, by the hook `check`. */
  readonly byHook: boolean;
  /** Why the hook's data proves nothing; null when it does, or there is no hook. */
  readonly problem: string | null;
};

/**
 * Puts data of ours into the deployment. The hook `seed` takes the place of our tables in databases (stages.md, Seeded
 * data); markers in volumes are put all the same.
 */
export async function seedData(
  context: RunContext,
  prepared: Prepared,
  stage: StageName,
): Promise<SeededData> {
  const token = randomUUID().replaceAll('-', '').slice(0, 16);
  const byHook = hasHook(context, 'seed');
  const seeds = await seedVolumes({ ...seedOptions(context, prepared), token, withTables: !byHook });
  context.scratch.seen.seeded = seededNames(context.stack, seeds);
  const hook = await callHook(context, 'seed', stage);
  const unchecked =
    byHook && !hasHook(context, 'check')
      ? 'there is a hook seed and no hook check, so nothing looks at what it wrote'
      : null;
  return { seeds, byHook, problem: hook.ok ? unchecked : hook.summary };
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
  const seeded = await checkSeeds(data.seeds, seedOptions(context, prepared));
  const hook = hasHook(context, 'check')
    ? await callHook(context, 'check', context.recorder.present())
    : null;
  const checks = hook === null ? seeded : [...seeded, checkOfHook(hook)];
  await recordChecks(context, checks, when);
  return judgeChecks(checks, data, when) ?? (hook === null ? null : hookProblem(hook));
}

/** A hook of ours that is broken says nothing about the data. */
function checkOfHook({ ok, fault, summary }: HookOutcome): SeedCheck {
  const status = ok ? 'pass' : fault === 'recipe' ? 'fail' : 'unver';
  return { what: 'hook check', status, message: ok ? null : summary };
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
  data: Pick<SeededData, 'byHook' | 'problem'>,
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
  return {
    status: 'unver',
    summary: `data is not proven ${when}: ${unknown.join('; ')} (hooks seed, mutate and check can do it instead)`,
  };
}

/** What is wrong with the labels may be why a backup or restore fails, so it is said there. */
export function withWarnings(outcome: StageOutcome, { warnings }: SeedOptions['spec']): StageOutcome {
  if (outcome.status !== 'fail' || outcome.cause !== 'recipe' || warnings.length === 0) return outcome;
  return { ...outcome, summary: `${outcome.summary}; of the backup labels: ${warnings.join('; ')}` };
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
