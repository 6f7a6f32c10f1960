import { type ExitStatus, exitStatus } from '@ccci/lib/program/failure.ts';
import type { Verdict } from '@ccci/lib/records/common.ts';

/** 0 green, 1 red; 69 where nothing could be said about the recipe. */
export function statusOf(verdict: Verdict): ExitStatus {
  if (verdict === 'green') return exitStatus.ok;
  return verdict === 'red' ? exitStatus.red : exitStatus.unavailable;
}
