import { setImmediate } from 'node:timers/promises';
import { cancelExample } from '@ccci/lib/records/cancel.ts';
import type { Incoming } from '@ccci/lib/records/decode.ts';
import { dropExample } from '@ccci/lib/records/drop.ts';
import { errorExample } from '@ccci/lib/records/error.ts';
import { tickExample } from '@ccci/lib/records/tick.ts';
import { triggerExample } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';

/** A comment on the forge and what poll makes of it. */
export type Comment = {
  readonly id: number;
  /** Seconds after ccci first started. */
  readonly second: number;
  readonly type: 'trigger' | 'cancel' | 'drop';
  /** Number of the pull request; that of the comment by default. */
  readonly pull?: number;
  /** First digit of the commit. */
  readonly commit?: string;
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
  const { id, second, type, pull = id, commit = 'a' } = comment;
  const example = { trigger: triggerExample, cancel: cancelExample, drop: dropExample }[type];
  const url = `https://git.example.org/recipes/ghost/pulls/${pull}#issuecomment-${id}`;
  const created = instantOf(second);
  const record = {
    ...example,
    key: keyOfComment(comment),
    pr: { ...triggerExample.pr, number: pull },
    comment: { id, url, author: 'ana', created },
    ...(type === 'trigger' ? { ref: commit.repeat(40) } : {}),
  };
  if (type === 'drop' || created >= enrolledAt) return record;
  return { ...record, type: 'drop', reason: 'history', detail: 'older than the enrolment' };
}

export type PollOptions = {
  /** How far dedupe has stored; undefined at first. */
  readonly since: string | undefined;
  readonly enrolledAt: string;
  /** When polls happen, in order. */
  readonly rounds: readonly string[];
  readonly comments: readonly Comment[];
  /** Whether ticks say how the source is. */
  readonly hasHealth: boolean;
  /** Whether it begins with a line that cannot be read, so that no cursor is stored. */
  readonly isBad: boolean;
};

/**
 * What poll writes: in each round the comments behind the cursor, then the tick. Without the overlap that the real one
 * has, so that nothing is sent again that a stored cursor covers: what is lost stays lost.
 */
export async function* poll(options: PollOptions): AsyncGenerator<Incoming> {
  const { since = '', enrolledAt, rounds, comments } = options;
  if (options.isBad) yield { kind: 'bad', record: errorExample };
  let cursor = since;
  for (const round of rounds.filter((at) => at > since)) {
    await betweenBursts();
    const isFresh = ({ second }: Comment) => instantOf(second) > cursor && instantOf(second) <= round;
    for (const comment of comments.filter(isFresh)) {
      yield { kind: 'record', record: recordOf(comment, enrolledAt) };
    }
    const cursors = { [organisation]: { since: round, enrolledAt } };
    const good = tickExample.at;
    const sources = { [organisation]: { at: round.replace('Z', '.000Z'), good, failures: 0, says: null } };
    const health = options.hasHealth ? { sources } : { sources: undefined };
    yield { kind: 'record', record: { ...tickExample, cursors, ...health } };
    cursor = round;
  }
}

/** Every comment once more, as a hook's redelivery would bring it. */
export async function* redelivery(comments: readonly Comment[]): AsyncGenerator<Incoming> {
  for (const comment of comments) yield { kind: 'record', record: recordOf(comment, '') };
}

/** dedupe takes together what is there at once. */
async function betweenBursts(): Promise<void> {
  await setImmediate();
  await setImmediate();
}
