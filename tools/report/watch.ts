import { type FSWatcher, watch } from 'node:fs';
import { parse } from 'node:path';
import { statePaths } from '@ccci/lib/state/layout.ts';
import { isQueueName } from '@ccci/lib/state/names.ts';

/** Something became different in the state directory: the accepted, queue or preview file of this name, or anything (null). */
export type Change = { readonly kind: 'changed'; readonly file: string | null };

export type WatchOptions = {
  readonly state: string;
  /** Ends the watching. */
  readonly stopping: AbortSignal;
  /** A folder that cannot be watched is looked at only. */
  readonly warn: (error: Error) => void;
};

/**
 * Tells of each file in `accepted`, `queue/*` and `previews` that came, went or grew, once however many events there were, until
 * it is stopped. Events can be lost, and folders replaced: whoever listens looks now and then besides.
 */
export async function* watchSpool({ state, stopping, warn }: WatchOptions): AsyncGenerator<Change> {
  const changed = new Set<string | null>();
  let wake = () => {};
  const tell = (name: string | null) => {
    const file = name === null ? null : parse(name).name;
    // Temporary files, and what others put there.
    if (file !== null && !isQueueName(file)) return;
    changed.add(file);
    wake();
  };
  const end = () => wake();
  stopping.addEventListener('abort', end, { once: true });
  const watchers = foldersOf(state).flatMap((folder) => open(folder, tell, warn) ?? []);
  // What came before anybody watched.
  changed.add(null);
  try {
    while (!stopping.aborted) {
      for (const file of take(changed)) yield { kind: 'changed', file };
      if (changed.size > 0 || stopping.aborted) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    stopping.removeEventListener('abort', end);
    for (const watcher of watchers) watcher.close();
  }
}

function foldersOf(state: string): readonly string[] {
  const { accepted, queue, previews } = statePaths(state);
  return [accepted, queue.new, queue.cur, queue.done, previews.root];
}

function open(
  folder: string,
  tell: (name: string | null) => void,
  warn: (error: Error) => void,
): FSWatcher | undefined {
  try {
    return watch(folder, (_event, name) => tell(name)).on('error', warn);
  } catch (error) {
    warn(error as Error);
    return undefined;
  }
}

function take<Item>(set: Set<Item>): Item[] {
  const items = [...set];
  set.clear();
  return items;
}
