import { type ForgeError, isAway, isForgeError } from '@ccci/lib/forge/forge-error.ts';
import type { ForgeComment, PullHit } from '@ccci/lib/forge/types.ts';
import { type Memory, newComments, pullKey, type Window } from './memory.ts';
import type { Source } from './sources.ts';

/** A pull request that moved, with its comments. */
export type ReadPull = {
  readonly hit: PullHit;
  /** Comments that are not judged yet. */
  readonly fresh: readonly ForgeComment[];
  /** Ids of those that are; grows while they are judged. */
  readonly judged: number[];
  /** The server's clock when they were read. */
  readonly readAt: string;
  /** The forge says that it is not there, although its search found it. */
  readonly isGone?: boolean;
};

export type Reading = {
  readonly pulls: readonly ReadPull[];
  readonly errors: readonly ForgeError[];
  /** False when comments of a pull request could not be read. */
  readonly isComplete: boolean;
};

type ReadingOptions = {
  readonly hits: readonly PullHit[];
  readonly memory: Memory;
  readonly window: Window;
  /** The server's clock of the search. */
  readonly at: string;
};

/** Reads the comments of each pull request once, one after the other; stops when the forge is away. */
export async function readPulls(
  { client }: Source,
  { hits, memory, window, at: searchedAt }: ReadingOptions,
): Promise<Reading> {
  const pulls: ReadPull[] = [];
  const errors: ForgeError[] = [];
  let isComplete = true;
  for (const hit of hits) {
    try {
      const { items, at } = await client.issueComments(hit, hit.number, { since: window.comments });
      const fresh = newComments(items, memory[pullKey(hit)], window);
      const judged = items.filter((comment) => !fresh.includes(comment)).map(({ id }) => id);
      pulls.push({ hit, fresh, judged, readAt: at });
    } catch (error) {
      if (!isForgeError(error)) throw error;
      errors.push(error);
      // Gone holds nothing up, it would for ever; as long as the search finds it, it is looked at again.
      if (error.httpStatus === 404)
        pulls.push({
          hit,
          fresh: [],
          judged: memory[pullKey(hit)]?.comments ?? [],
          readAt: searchedAt,
          isGone: true,
        });
      else isComplete = false;
      if (isAway(error)) break;
    }
  }
  return { pulls, errors, isComplete };
}
