import { setTimeout as wait } from 'node:timers/promises';
import { exitStatus } from '@ccci/lib/program/failure.ts';
import type { Repeated } from './repeated.ts';
import type { ReportOptions } from './report.ts';
import type { Rounds } from './rounds.ts';

/**
 * At the end of the input: tries for as long as patience lasts, then leaves the rest to the next start. Told to stop,
 * it only finishes what is under way.
 */
export async function finish(
  rounds: Rounds,
  lookOver: Repeated,
  { patienceMs, outcome, log, giveUp, stopping }: ReportOptions,
): Promise<void> {
  const over = new AbortController();
  const patience = wait(patienceMs, undefined, { signal: over.signal }).catch(() => {});
  const isStopped = stopping?.aborted === true;
  const work = isStopped ? rounds.stop() : Promise.all([rounds.atRest(), lookOver.atRest()]);
  await Promise.race([work, patience]);
  over.abort();
  giveUp();
  await rounds.stop();
  await lookOver.atRest();
  const left = [...rounds.left(), ...lookOver.owed()];
  if (left.length === 0) return;
  outcome.note(exitStatus.leftOver);
  log.warning(`not all was posted for ${left.join(', ')}; it is noted and will be at the next start`);
}
