import { setImmediate } from 'node:timers/promises';
import { cancelExample } from '@ccci/lib/records/cancel.ts';
import type { Incoming } from '@ccci/lib/records/decode.ts';
import { dropExample } from '@ccci/lib/records/drop.ts';
import { tickExample } from '@ccci/lib/records/tick.ts';
import { triggerExample } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';

/** A comment on the forge and what poll makes of it. */
export type Comment = {
  readonly id: number;
  readonly createdAt: string;
  readonly type: 'trigger' | 'cancel' | 'drop';
};

/** The one organisation, by the key of its cursor. */
export const organisation = 'gitea/recipes';

/** So many seconds after ccci first started. */
export function instantOf(seconds: number): string {
  return new Date(Date.UTC(2026, 10, 23, 10, 0, seconds)).toISOString().replace('.000Z', 'Z');
}

export function keyOfComment({ id }: Comment): string {
  return `gitea-${id}`;
}

/** What a source hands to dedupe; a comment from before the enrolment is history (L01). */
export function recordOf(comment: Comment, enrolledAt: string): AnyRecord {
  const { id, createdAt, type } = comment;
  const example = { trigger: triggerExample, cancel: cancelExample, drop: dropExample }[type];
  const url = `https://git.example.org/recipes/ghost/pulls/3#issuecomment-${id}`;
  const record = {
    ...example,
    key: keyOfComment(comment),
    comment: { id, url, author: 'ana', created: createdAt },
  };
  if (type === 'drop' || createdAt >= enrolledAt) return record;
  return { ...record, type: 'drop', reason: 'history', detail: 'older than the enrolment' };
}

export type PollOptions = {
  /** How far dedupe has stored; undefined at first. */
  readonly since: string | undefined;
  readonly enrolledAt: string;
  /** When polls happen, in order. */
  readonly rounds: readonly string[];
  readonly comments: readonly Comment[];
};

/**
 * What poll writes: in each round the comments behind the cursor, then the tick. Without the overlap that the real one
 * has, so that nothing is sent again that a stored cursor covers: what is lost stays lost.
 */
export async function* poll({
  since = '',
  enrolledAt,
  rounds,
  comments,
}: PollOptions): AsyncGenerator<Incoming> {
  let cursor = since;
  for (const round of rounds.filter((at) => at > since)) {
    await betweenBursts();
    const fresh = comments.filter(({ createdAt }) => createdAt > cursor && createdAt <= round);
    for (const comment of fresh) yield { kind: 'record', record: recordOf(comment, enrolledAt) };
    const cursors = { [organisation]: { since: round, enrolledAt } };
    yield { kind: 'record', record: { ...tickExample, cursors } };
    cursor = round;
  }
}

/** Every comment once more, as a hook's redelivery or a sweep with a lost memory would. */
export async function* redelivery(
  comments: readonly Comment[],
  enrolledAt: string,
): AsyncGenerator<Incoming> {
  for (const comment of comments) yield { kind: 'record', record: recordOf(comment, enrolledAt) };
}

/** dedupe takes together what is there at once. */
async function betweenBursts(): Promise<void> {
  await setImmediate();
  await setImmediate();
}
