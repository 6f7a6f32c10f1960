import { makeClosed } from '@ccci/lib/forge/announce.ts';
import { type ForgeError, isAway, isForgeError } from '@ccci/lib/forge/forge-error.ts';
import { lastClose } from '@ccci/lib/forge/history.ts';
import { readTimeline } from '@ccci/lib/forge/read-timeline.ts';
import type { FoundPull } from '@ccci/lib/forge/types.ts';
import type { Cancel } from '@ccci/lib/records/cancel.ts';
import type { Stamping } from '@ccci/lib/records/encode.ts';
import type { ErrorRecord } from '@ccci/lib/records/error.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import { pullKey } from './memory.ts';
import type { Source } from './sources.ts';
import { makeError } from './trouble.ts';

/** Closed pull requests that were looked into, to the second of their update; nothing else is forgotten by a restart. */
export type LookedInto = Map<string, string>;

export type ClosingOptions = {
  readonly hits: readonly FoundPull[];
  /** The server's clock of the search. */
  readonly at: string;
  /** Triggers that wait or run, by `<forge>/<owner>/<name>#<number>`. */
  readonly work: ReadonlyMap<string, readonly Trigger[]>;
  readonly lookedInto: LookedInto;
  readonly stamping: Stamping;
};

/** `isComplete` is false when a pull request has to be looked at again. */
export type Closing = { readonly isComplete: boolean; readonly error: ForgeError | null };

/**
 * Cancels what waits or runs for a pull request that was closed without being merged (triggers.md, step 14); one that
 * was opened again since is none. Costs a request for each such pull request, once.
 */
export async function* cancelClosed(
  source: Source,
  { hits, at, work, lookedInto, stamping }: ClosingOptions,
): AsyncGenerator<Cancel | ErrorRecord, Closing> {
  let closing: Closing = { isComplete: true, error: null };
  for (const hit of hits) {
    const key = `${source.client.name}/${pullKey(hit)}`;
    const triggers = work.get(key) ?? [];
    if (hit.isOpen || hit.isMerged || triggers.length === 0 || lookedInto.get(key) === hit.updatedAt)
      continue;
    const found = await findClose(source, hit, triggers);
    if (isForgeError(found)) {
      yield makeError(source, found, stamping);
      closing = { isComplete: false, error: found };
      if (isAway(found)) break;
      continue;
    }
    // As long as the second of the update is not over, more may come under the same time.
    if (Date.parse(at) > Date.parse(hit.updatedAt)) lookedInto.set(key, hit.updatedAt);
    if (found === 'unreadable') yield makeError(source, unreadable(hit), stamping);
    else if (found !== null) yield makeClosed(triggers[0]!, found, stamping);
  }
  return closing;
}

/** The event that closed it after one of these was asked for; null when there is none. */
async function findClose({ client }: Source, hit: FoundPull, triggers: readonly Trigger[]) {
  const asked = triggers.map(({ comment }) => comment?.created ?? '1970-01-01T00:00:00Z').sort();
  try {
    const timeline = await readTimeline(client, hit, { number: hit.number, since: asked[0]! });
    if (timeline === null) return 'unreadable';
    const close = lastClose(timeline);
    return close !== null && triggers.some(({ comment }) => close.id > (comment?.id ?? 0)) ? close : null;
  } catch (error) {
    if (isForgeError(error)) return error;
    throw error;
  }
}

function unreadable(hit: FoundPull) {
  return {
    message: `${pullKey(hit)} was closed, but what happened to it cannot be read: what waits or runs for it goes on`,
    hint: 'end it with !cancel; check the rights of the read token',
  };
}
