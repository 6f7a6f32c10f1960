import { type ForgeError, isAway } from '@ccci/lib/forge/forge-error.ts';
import { judgeComment } from '@ccci/lib/forge/judge-comment.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import type { SourceOptions } from './poll-source.ts';
import type { ReadPull } from './read-pulls.ts';
import type { Source } from './sources.ts';
import { makeError } from './trouble.ts';

export type Judging = {
  readonly triggers: number;
  /** False when a comment has to be judged again. */
  readonly isComplete: boolean;
  readonly error: ForgeError | null;
};

/** Judges all comments that are new, oldest first, and notes in `judged` which are done; stops when the forge is away. */
export async function* judgeAll(
  source: Source,
  { pulls, enrolledAt }: { readonly pulls: readonly ReadPull[]; readonly enrolledAt: string },
  { word, stamping, signal }: SourceOptions,
): AsyncGenerator<AnyRecord, Judging> {
  const { client, allow, forks } = source;
  const judge = { client, source: 'poll', word, allow, forks, enrolledAt, stamping } as const;
  let triggers = 0;
  let failed: ForgeError | null = null;
  let isComplete = true;
  for (const { pull, comment } of inOrder(pulls)) {
    signal.throwIfAborted();
    const judgement = await judgeComment(pull.hit, comment, judge);
    if (judgement.kind === 'later') {
      isComplete = false;
      failed = judgement.error ?? failed;
      yield makeError(source, judgement, stamping);
      if (isAway(judgement.error)) break;
      continue;
    }
    pull.judged.push(comment.id);
    if (judgement.kind === 'none') continue;
    if (judgement.record.type === 'trigger') triggers += 1;
    yield judgement.record;
  }
  return { triggers, isComplete, error: failed };
}

/** By the time of creation over all pull requests: what was asked first is said first. */
function inOrder(pulls: readonly ReadPull[]) {
  return pulls
    .flatMap((pull) => pull.fresh.map((comment) => ({ pull, comment })))
    .sort(
      (a, b) =>
        Date.parse(a.comment.createdAt) - Date.parse(b.comment.createdAt) || a.comment.id - b.comment.id,
    );
}
