import type { ForgeComment, TimelineEntry } from './types.ts';

/**
 * Why a comment is history, in words, by what it says itself; null when it is not. Older than the enrolment of its
 * organisation or repository is history (L01), and so is one that was edited before it was first seen: what it
 * said when it was created is not known, and only creation counts (L09). Instants are RFC 3339.
 */
export function whyHistory({ createdAt, updatedAt }: ForgeComment, enrolledAt: string): string | null {
  if (Date.parse(createdAt) < Date.parse(enrolledAt)) {
    return `the comment is older than the enrolment (${enrolledAt})`;
  }
  if (Date.parse(updatedAt) > Date.parse(createdAt)) {
    return 'the comment was edited before it was read, and only a new comment counts: write it again';
  }
  return null;
}

/**
 * True when the pull request was opened again after the comment (L01). Comments and events share one sequence of
 * ids, so the order holds within a second too.
 */
export function wasReopenedAfter(commentId: number, timeline: readonly TimelineEntry[]): boolean {
  return timeline.some(({ type, id }) => type === 'reopen' && id > commentId);
}

/** The event that closed a pull request; null when it was opened again since, or never closed. */
export function lastClose(timeline: readonly TimelineEntry[]): TimelineEntry | null {
  const turns = timeline.filter(({ type }) => type === 'close' || type === 'reopen');
  const last = turns.sort((one, other) => one.id - other.id).at(-1);
  return last?.type === 'close' ? last : null;
}

/**
 * True when the head may be another one than the comment's author saw: a push in the comment's second or later, or
 * a forced push. Source: triggers.md, Who may.
 */
export function wasPushedSince(createdAt: string, timeline: readonly TimelineEntry[]): boolean {
  return timeline.some(
    ({ type, body, createdAt: pushedAt }) =>
      type === 'pull_push' && (Date.parse(pushedAt) >= Date.parse(createdAt) || isForced(body)),
  );
}

/** The body of a push is JSON; one that cannot be read counts as forced. */
function isForced(body: string): boolean {
  try {
    return (JSON.parse(body) as { is_force_push?: unknown }).is_force_push !== false;
  } catch {
    return true;
  }
}
