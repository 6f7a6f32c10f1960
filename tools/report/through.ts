import type { Desk } from './desk.ts';
import { type Entry, note, pageOf } from './entry.ts';

/** Whether somebody who looks at the pull request sees that the comment was heard. */
export function isAnswered({ answer }: Entry): boolean {
  return answer.statuses.some((status) => status.id !== null) || answer.told;
}

/** Whether nothing is left to post; `isAtRest`: there is one comment of ours at most. */
export function isThrough({ record, state, answer }: Entry, isAtRest: boolean): boolean {
  const { refused } = answer;
  const isSeen = answer.reacted || record.comment === undefined || refused.includes('reaction');
  if (record.type === 'cancel') return isSeen;
  const isTold = (answer.told && isAtRest) || refused.includes('comment');
  if (record.type === 'drop') return isSeen && isTold;
  return state === 'over' && isSeen && isTold && (answer.checked || refused.includes('status'));
}

/** Nothing more is posted for this key. */
export async function finish(entry: Entry, desk: Desk): Promise<void> {
  const page = entry.record.type === 'trigger' ? pageOf(entry.view.run) : null;
  await note(entry, desk, { final: true, page });
}
