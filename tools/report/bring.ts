import type { ForgeClient } from '@ccci/lib/forge/gitea.ts';
import { isPreviewed } from '@ccci/lib/pages/previewed.ts';
import type { Context } from './attempt.ts';
import { tellAbout } from './conversation.ts';
import type { Desk } from './desk.ts';
import { deepen, type Entry, readEntry } from './entry.ts';
import { acknowledge, postAll } from './post-all.ts';
import { readEntries } from './read-entries.ts';
import { isOpen, type Shared, shareWork } from './share.ts';
import { oneOfEach } from './tellings.ts';
import { finish, isAnswered, isThrough } from './through.ts';

/** What was posted for one key in one go; `comment` is our one comment on the pull request. */
export type Posted = {
  readonly entry: Entry;
  readonly stage: 'pending' | 'final';
  readonly comment: number | null;
};

/**
 * `done`: the forge says what the directory says. `again`: a passing failure, worth another try. `stuck`: refused in
 * a way that only people can mend; kept for the next start.
 */
export type Brought = {
  readonly posted: readonly Posted[];
  readonly rest: 'done' | 'again' | 'stuck';
  readonly retryAfterMs: number;
  /** An edit waits for its time (pace.ts); null when none does. */
  readonly dueMs: number | null;
  /** What has not ended changes without a word: places in the queue, stages of a run. */
  readonly going: 'running' | 'waiting' | null;
};

/** Brings the forge to what the directory says of one pull request; one request at a time (triggers.md, step 11). */
export async function bring(files: readonly string[], desk: Desk): Promise<Brought> {
  const entries = await readEntries(files, (file) => readEntry(file, desk));
  const open = entries.filter((entry) => !entry.answer.final);
  const context: Context = {
    desk,
    trouble: { rest: 'done', retryAfterMs: 0 },
    held: { ms: desk.edits.waitMs(), isDue: false, isMade: false },
  };
  const first = open[0];
  const posted =
    first === undefined ? [] : await bringOpen(entries, await desk.forge(first.place.forge), context);
  if (context.held.isMade) desk.edits.made();
  return {
    posted,
    ...context.trouble,
    dueMs: context.held.isDue ? context.held.ms : null,
    going: goingOf(open),
  };
}

function goingOf(open: readonly Entry[]): Brought['going'] {
  if (open.some(({ state }) => state === 'running')) return 'running';
  return open.some(({ state }) => state === 'waiting') ? 'waiting' : null;
}

async function bringOpen(
  entries: readonly Entry[],
  client: ForgeClient,
  context: Context,
): Promise<readonly Posted[]> {
  const { desk } = context;
  const open = entries.filter((entry) => !entry.answer.final);
  const answered = new Set(open.filter(isAnswered));
  const groups = shareWork(entries);
  const leads = groups.filter(isOpen).map(({ lead }) => lead);
  // Nothing comes before the first word to somebody who has just asked.
  for (const shared of groups.filter(isFresh)) await acknowledge(shared, entries, { client, context });
  const { main } = tellAbout(oneOfEach(entries, groups));
  for (const entry of new Set([...leads, ...(main === null ? [] : [main])])) await deepen(entry, desk);
  if (main !== null && isEarly(main))
    context.held.ms = Math.max(context.held.ms, desk.edits.earlyMs(main.view.run));
  for (const { view } of leads.filter(({ state }) => state === 'over')) await desk.publish(view);
  await postAll({ entries, groups }, client, context);
  for (const { view } of leads.filter(({ state }) => state !== 'over')) await desk.publish(view);
  const comments = [...new Set(entries.flatMap(({ answer }) => answer.comments.map(({ id }) => id ?? 0)))];
  // Two comments, or one of which nobody knows what became: something is still to be deleted, or to be looked for.
  const isAtRest = comments.length <= 1 && !comments.includes(0);
  for (const entry of open) if (isThrough(entry, isAtRest)) await finish(entry, desk);
  const comment = Math.max(0, ...comments);
  return open.flatMap((entry) => {
    if (!entry.answer.final && (answered.has(entry) || !isAnswered(entry))) return [];
    return [{ entry, stage: entry.answer.final ? 'final' : 'pending', comment: comment || null } as const];
  });
}

/** Nothing but the checks before anything is deployed has begun, and they are not through. */
function isEarly({ state, view }: Entry): boolean {
  if (state === 'over' || (state === 'waiting' && isPreviewed(view))) return false;
  const lint = view.stages.find(({ name }) => name === 'lint');
  if (lint !== undefined && lint.status !== 'running') return false;
  return view.stages.every(({ name }) => ['checkout', 'policy', 'lint'].includes(name));
}

/** Nothing was ever said of it, and it has not ended. */
function isFresh({ lead, members }: Shared): boolean {
  return lead.state !== 'over' && members.some(({ answer }) => answer.statuses.length === 0);
}
