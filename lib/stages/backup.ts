import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openRepository, type Repository } from '../backup/restic.ts';
import { seedsInSnapshot } from '../backup/seed.ts';
import { takeBackup } from '../backup/take.ts';
import { codeOf } from '../program/failure.ts';
import type { RunContext } from './context.ts';
import type { Prepared } from './prepare.ts';
import type { StageOutcome } from './recorder.ts';
import { hookOutcome } from './run-hook.ts';
import { overlayOutcome } from './run-tests.ts';
import { judgeChecks, recordChecks, type SeededData, seedData, seedOptions } from './seeds.ts';

/** A snapshot that a restore can use, by its id (L42). */
export type Taken = { readonly repository: Repository; readonly snapshot: string; readonly data: SeededData };

/** Stage backup: seed, the recipe's hooks, one snapshot; pass means that the snapshot holds the seeded data (L40, L43). */
export async function backUp(
  context: RunContext,
  prepared: Prepared,
): Promise<StageOutcome & { readonly taken: Taken | null }> {
  const repository = await openRunRepository(context);
  if (repository === null) {
    return {
      status: 'unver',
      summary: 'nothing can be backed up: restic is not installed on this machine (install restic)',
      taken: null,
    };
  }
  const options = seedOptions(context, prepared);
  if (!options.spec.enabled) return { ...labelsGone(context), taken: null };
  for (const warning of options.spec.warnings) await context.recorder.say('backup', `warning: ${warning}`);
  const data = await seedData(context, prepared, 'backup');
  const backup = await takeBackup({
    ...options,
    repository,
    onLine: (service, line) => void context.recorder.say(`backup hook of ${service}`, line),
  });
  if (!backup.ok || backup.snapshot === null) {
    return { status: 'fail', cause: 'recipe', summary: backup.summary, taken: null };
  }
  context.scratch.seen.snapshot = backup.snapshot;
  const taken = { repository, snapshot: backup.snapshot, data };
  return { ...(await verify(context, taken)), taken };
}

async function verify(context: RunContext, taken: Taken): Promise<StageOutcome> {
  const checks = await seedsInSnapshot(taken.data.seeds, taken);
  await recordChecks(context, checks, 'in the snapshot');
  const judged = judgeChecks(checks, taken.data, 'in the snapshot');
  if (judged !== null) return judged;
  const hook = await hookOutcome(context, 'backup-verify', 'backup');
  return hook ?? (await overlayOutcome(context, 'backup')) ?? { status: 'pass' };
}

/** A backup is planned without labels where the base had them: that is a loss, not a skip (stages.md, Level). */
function labelsGone({ discovery }: RunContext): StageOutcome {
  const planned = discovery.plan.stages.find((stage) => stage.name === 'backup');
  const summary = `nothing would be saved: ${planned?.reason ?? 'this commit has no backup labels'}`;
  return { status: 'fail', cause: 'recipe', summary };
}

/** The run's own repository with a random password, gone with the run (security.md, row restic). */
async function openRunRepository(context: RunContext): Promise<Repository | null> {
  const { work } = context.directory;
  const password = randomBytes(24).toString('hex');
  context.masker.add(password);
  const passwordFile = join(work, 'restic-password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  try {
    return await openRepository({
      dir: join(work, 'restic'),
      passwordFile,
      cacheDir: join(work, 'restic-cache'),
      signal: context.signal,
    });
  } catch (error) {
    if (codeOf(error) === 'restic-missing') return null;
    throw error;
  }
}
