import type { ForgeStatus } from '@ccci/lib/forge/types.ts';
import { type ExitStatus, exitStatus } from '@ccci/lib/program/failure.ts';
import type { Results } from '@ccci/lib/records/results.ts';
import { readRunAddress } from '../address.ts';

/** What one look has shown. `ERROR`: it ended, and nothing could be said about the recipe. */
export type Answer = {
  readonly verdict: 'GREEN' | 'RED' | 'ERROR' | 'PENDING';
  /** Id of the run; null where it is not known. */
  readonly run: string | null;
  /** For people, on the way. */
  readonly words: string;
};

export const statuses: Readonly<Record<Answer['verdict'], ExitStatus>> = {
  GREEN: exitStatus.ok,
  RED: exitStatus.red,
  ERROR: exitStatus.unavailable,
  PENDING: exitStatus.leftOver,
};

/** By the results of a run, as its page has them; null while there are none. Pure. */
export function answerOfResults(results: Results | null, run: string): Answer {
  if (results === null) return { verdict: 'PENDING', run, words: 'no results yet' };
  const { verdict, reason } = results;
  const word = verdict === 'green' ? 'GREEN' : verdict === 'red' ? 'RED' : 'ERROR';
  return { verdict: word, run, words: `${verdict}: ${reason}` };
}

const words: Readonly<Record<string, Answer['verdict']>> = {
  success: 'GREEN',
  failure: 'RED',
  error: 'ERROR',
};

/** By the newest commit status of a context; a commit that nobody asked to test has none. Pure. */
export function answerOfStatuses(statuses: readonly ForgeStatus[], context: string): Answer {
  const newest = statuses.find((status) => status.context === context);
  if (newest === undefined) {
    return { verdict: 'PENDING', run: null, words: `the commit has no status ${context} yet` };
  }
  const { state, description, targetUrl } = newest;
  return {
    verdict: words[state] ?? 'PENDING',
    run: readRunAddress(targetUrl)?.id ?? null,
    words: description,
  };
}

/** The one line for programs. Pure. */
export function answerLine({ verdict, run }: Answer): string {
  return `VERDICT=${verdict} RUN=${run ?? '-'}\n`;
}
