import type { DropReason } from '../records/drop.ts';
import type { TriggerOptions } from '../records/trigger.ts';
import { wasPushedSince, wasReopenedAfter } from './history.ts';
import type { ForgePull, TimelineEntry } from './types.ts';

export type PullFacts = {
  readonly pull: ForgePull;
  /** From the comment's second on; null when it cannot be read. */
  readonly timeline: readonly TimelineEntry[] | null;
  readonly comment: { readonly id: number; readonly createdAt: string };
  /** Null for a `!cancel`. */
  readonly options: TriggerOptions | null;
  /** Whether forks may be tested. */
  readonly forks: boolean;
  readonly word: string;
};

/** Why a command on a pull request is not to be followed, whoever gave it; null when it is. Pure. */
export function judgePull(facts: PullFacts): { readonly reason: DropReason; readonly detail: string } | null {
  const { pull, timeline, comment, options } = facts;
  if (timeline !== null && wasReopenedAfter(comment.id, timeline)) {
    return { reason: 'history', detail: 'the pull request was opened again after the comment' };
  }
  if (options === null) return null;
  if (!pull.isOpen) {
    return { reason: 'closed', detail: `the pull request is ${pull.isMerged ? 'merged' : 'closed'}` };
  }
  if (!isWholeHash(pull.head.sha) || !isWholeHash(pull.base.sha)) {
    return { reason: 'gone', detail: 'the pull request has no commit any more' };
  }
  if (timeline === null)
    return moved(facts, 'what happened to the pull request since the comment cannot be read');
  return judgeHead(facts, options, timeline);
}

function judgeHead(facts: PullFacts, { commit }: TriggerOptions, timeline: readonly TimelineEntry[]) {
  const { pull, comment, forks } = facts;
  if (pull.isForeign && !forks) {
    return {
      reason: 'not-allowed',
      detail: 'pull requests from forks are not tested on this forge',
    } as const;
  }
  if (commit !== undefined && !pull.head.sha.startsWith(commit)) {
    return moved(facts, `${commit} is not the head of the pull request`);
  }
  // A short hash can be found again by trying; only a whole one names a commit for certain.
  const isCertain = commit === pull.head.sha;
  if (pull.isForeign && !isCertain && wasPushedSince(comment.createdAt, timeline)) {
    return moved(facts, 'the pull request was pushed to when the comment was written, or later');
  }
  return null;
}

function moved({ pull, word }: PullFacts, why: string) {
  const head = pull.head.sha.slice(0, 7);
  return { reason: 'moved', detail: `${why}; comment ${word} ${head} to test exactly this` } as const;
}

function isWholeHash(sha: string): boolean {
  return /^[0-9a-f]{40}$/.test(sha);
}
