import { setTimeout as pause } from 'node:timers/promises';
import { listSnapshot } from '../backup/list-snapshot.ts';
import type { Repository } from '../backup/restic.ts';
import { takeBackup } from '../backup/take.ts';
import { milliseconds, type RunContext } from './context.ts';
import type { Prepared } from './prepare.ts';
import type { StageOutcome } from './recorder.ts';
import { callHook, hasHook, hookProblem } from './run-hook.ts';
import { seedOptions } from './seeds.ts';

/** A snapshot, or in words why there is none that can be used. */
export type Capture =
  | { readonly snapshot: string; readonly refused: StageOutcome | null }
  | { readonly snapshot: null; readonly problem: string };

/** Pauses before the second capture and those after: an application that writes its dump by and by needs a moment. */
const pausesMs = [1_000, 3_000, 9_000];
const noWords = 'backup-verify says no to each of several captures';

/**
 * Takes a backup, and again as long as the operator's hook `backup-verify` says no, four times at most (L40). The last
 * snapshot is what counts then; `refused` is what the hook made of it. A hook that is broken is not asked again.
 */
export async function capture(
  context: RunContext,
  prepared: Prepared,
  repository: Repository,
): Promise<Capture> {
  for (let attempt = 1; ; attempt += 1) {
    const taken = await takeOnce(context, prepared, repository);
    if (taken.snapshot === null) return taken;
    const refused = await askVerifyHook(context, prepared, { repository, snapshot: taken.snapshot });
    const pauseMs = pausesMs[attempt - 1];
    if (refused?.status !== 'fail') return { ...taken, refused };
    if (pauseMs === undefined)
      return { ...taken, refused: { ...refused, summary: `${noWords}: ${refused.summary}` } };
    await context.recorder.say(
      'backup',
      `backup-verify says no to capture ${attempt} of ${pausesMs.length + 1} (${refused.summary}): again in ${pauseMs / 1000} s`,
    );
    await pause(pauseMs, undefined, { signal: context.signal });
  }
}

async function takeOnce(context: RunContext, prepared: Prepared, repository: Repository): Promise<Capture> {
  const backup = await takeBackup({
    ...seedOptions(context, prepared),
    repository,
    hookMs: milliseconds(context.settings.timeouts.deploy),
    onLine: (service, line) => void context.recorder.say(`backup hook of ${service}`, line),
  });
  if (backup.ok && backup.snapshot !== null) return { snapshot: backup.snapshot, refused: null };
  return { snapshot: null, problem: backup.summary ?? 'no snapshot was made' };
}

/** The hook gets what is in the snapshot on its standard input, a file a line: `{"volume","path","bytes"}`. */
async function askVerifyHook(
  context: RunContext,
  prepared: Prepared,
  { repository, snapshot }: { readonly repository: Repository; readonly snapshot: string },
): Promise<StageOutcome | null> {
  if (!hasHook(context, 'backup-verify')) return null;
  const { spec } = seedOptions(context, prepared);
  const entries = await listSnapshot({ repository, snapshot, spec });
  const stdin = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  return hookProblem(await callHook(context, 'backup-verify', 'backup', { stdin }));
}
