import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seedsInSnapshot } from '../backup/in-snapshot.ts';
import { openRepository, type Repository } from '../backup/restic.ts';
import type { SeedCheck } from '../backup/seed.ts';
import { codeOf } from '../program/failure.ts';
import { capture } from './capture.ts';
import type { RunContext } from './context.ts';
import type { Prepared } from './prepare.ts';
import type { StageOutcome } from './recorder.ts';
import { overlayOutcome } from './run-tests.ts';
import { judgeChecks, recordChecks, type SeededData, seedData, seedOptions, withWarnings } from './seeds.ts';

/** A snapshot that a restore can use, by its id (L42). */
export type Taken = { readonly repository: Repository; readonly snapshot: string; readonly data: SeededData };

/** Stage backup: seed, the recipe's hooks, one snapshot; pass means that the snapshot holds the seeded data (L40, L43). */
export async function backUp(
  context: RunContext,
  prepared: Prepared,
): Promise<StageOutcome & { readonly taken: Taken | null }> {
  const options = seedOptions(context, prepared);
  if (!options.spec.enabled) return { ...labelsGone(context), taken: null };
  const repository = await openRunRepository(context);
  if (repository === null) {
    return {
      status: 'unver',
      summary: 'nothing can be backed up: restic is not installed on this machine (install restic)',
      taken: null,
    };
  }
  for (const warning of options.spec.warnings) await context.recorder.say('backup', `warning: ${warning}`);
  const data = await seedData(context, prepared, 'backup');
  const made = await capture(context, prepared, repository);
  if (made.snapshot === null) return { ...withWarnings(failed(made.problem), options.spec), taken: null };
  context.scratch.seen.snapshot = made.snapshot;
  const taken = { repository, snapshot: made.snapshot, data };
  const outcome = withWarnings(await verify(context, prepared, taken), options.spec);
  if (outcome.status === 'fail' || made.refused === null) return { ...outcome, taken };
  return { ...made.refused, taken };
}

async function verify(context: RunContext, prepared: Prepared, taken: Taken): Promise<StageOutcome> {
  const { spec } = seedOptions(context, prepared);
  const checks = [
    ...(await seedsInSnapshot(taken.data.seeds, { ...taken, spec })).map((check) =>
      ifRestored(context, check),
    ),
    ...hookData(context, taken.data),
  ];
  await recordChecks(context, checks, 'in the snapshot');
  const judged = judgeChecks(checks, taken.data, 'in the snapshot');
  return judged ?? (await overlayOutcome(context, 'backup')) ?? { status: 'pass' };
}

/** What cannot be seen in a snapshot is proven by the restore; where none follows, by nothing. */
function ifRestored({ discovery }: RunContext, check: SeedCheck): SeedCheck {
  const isRestored = discovery.plan.stages.some(({ name, does }) => name === 'restore' && does === 'run');
  return check.status === 'skip' && !isRestored ? { ...check, status: 'unver' } : check;
}

function hookData(context: RunContext, { byHook }: SeededData): SeedCheck[] {
  if (!byHook) return [];
  const message = 'what a hook wrote is not known here: the hook check shows it after the restore';
  return [ifRestored(context, { what: 'hook seed', status: 'skip', message })];
}

function failed(summary: string): StageOutcome {
  return { status: 'fail', cause: 'recipe', summary };
}

/** A backup is planned without labels where the base had them: that is a loss, not a skip (stages.md, Level). */
function labelsGone({ discovery }: RunContext): StageOutcome {
  const planned = discovery.plan.stages.find((stage) => stage.name === 'backup');
  return failed(`nothing would be saved: ${planned?.reason ?? 'this commit has no backup labels'}`);
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
