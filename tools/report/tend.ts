import { isForgeError } from '@ccci/lib/forge/forge-error.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { Log } from '@ccci/lib/program/log.ts';
import type { NotedComment } from './answer.ts';
import { isUntouched } from './comment-hash.ts';
import { tellAbout } from './conversation.ts';
import type { Desk } from './desk.ts';
import { type Entry, note, readEntry } from './entry.ts';
import { readEntries } from './read-entries.ts';
import type { Threads } from './threads.ts';
import type { Turns } from './turns.ts';

/** How many pull requests are looked after, those asked about last: one request for each. */
const most = 20;

export type TendOptions = {
  readonly threads: Threads;
  readonly deskOf: (thread: string) => Desk;
  readonly turns: Turns;
  /** A thread has something to post again. */
  readonly wake: (thread: string) => void;
  readonly stopping: AbortSignal;
  readonly log: Log;
};

/**
 * Looks once, at the start, at our comments at rest: one that somebody else has edited gets its text back, and one that
 * was deleted is made again once. While a run goes on nothing has to be looked at: each edit writes the whole comment.
 */
export async function tend(options: TendOptions): Promise<void> {
  const { threads, deskOf, turns, wake, stopping, log } = options;
  try {
    for (const thread of await threads.newest(most)) {
      if (stopping.aborted) return;
      const files = threads.files(thread);
      if (await turns(thread, () => reopen(files, deskOf(thread)))) wake(thread);
    }
  } catch (error) {
    if (stopping.aborted || (error as Error).name === 'AbortError') return;
    const isToken = error instanceof Failure && error.status === exitStatus.configuration;
    if (!isForgeError(error) && !isToken) throw error;
    // No more than a look: what is owed says so itself, and the next start looks again.
    if (!isToken) log.info(`did not look after comments at rest: ${error.message}`);
  }
}

/** True where something is to be posted again. */
async function reopen(files: readonly string[], desk: Desk): Promise<boolean> {
  const entries = await readEntries(files, (file) => readEntry(file, desk));
  const { main } = tellAbout(entries);
  // Of a run whose records are gone nothing could be told again.
  if (main === null || main.view.results === null || entries.some(({ answer }) => !answer.final))
    return false;
  const holder = entries.find(({ answer }) => answer.comments.length === 1);
  const comment = holder?.answer.comments[0];
  if (holder !== main || comment === undefined || comment.id === null || comment.hash === '') return false;
  const client = await desk.forge(main.place.forge);
  const found = await client.readComment(main.place, comment.id);
  if (found !== null && isUntouched(found.body, comment.hash)) return false;
  await noteOpen(main, found === null ? null : comment, desk);
  return true;
}

async function noteOpen(entry: Entry, edited: NotedComment | null, desk: Desk): Promise<void> {
  const gone = (entry.answer.gone ?? 0) + (edited === null ? 1 : 0);
  const comments = edited === null ? [] : [{ ...edited, hash: '' }];
  await note(entry, desk, { final: false, gone, comments });
}
