import type { Poll } from './follow.ts';

const usualMs = 1_000;
/** A server without ranges sends the whole file each time. */
const wholeMs = 5_000;
const goneMs = 3_000;
const hiddenMs = 15_000;
const longestMs = 30_000;

/** How long to wait before the next look; `failures`: looks in a row that came to nothing. Pure. */
export function pauseMs(poll: Poll, failures: number, isHidden: boolean): number {
  const ms = afterMs(poll, failures);
  return isHidden ? Math.max(ms, hiddenMs) : ms;
}

function afterMs(poll: Poll, failures: number): number {
  if (poll.kind === 'records') return poll.hasMore ? 0 : poll.isRanged ? usualMs : wholeMs;
  if (poll.kind === 'anew') return 0;
  return poll.kind === 'gone' ? goneMs : Math.min(longestMs, usualMs * 2 ** failures);
}
