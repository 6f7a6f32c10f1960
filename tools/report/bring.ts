import type { ForgeClient } from '@ccci/lib/forge/gitea.ts';
import { isPreviewed } from '@ccci/lib/pages/previewed.ts';
import { attempt, type Context } from './attempt.ts';
import { isNews, type Told, tellAbout } from './conversation.ts';
import type { Desk } from './desk.ts';
import { deepen, type Entry, note, pageOf, readEntry } from './entry.ts';
import { postComment } from './post-comment.ts';
import { postStatus } from './post-status.ts';
import { readEntries } from './read-entries.ts';
import { isOpen, noteAll, type Shared, shareWork } from './share.ts';

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

type Everything = { readonly entries: readonly Entry[]; readonly groups: readonly Shared[] };
type With = { readonly client: ForgeClient; readonly context: Context };

/** Nothing was ever said of it, and it has not ended. */
function isFresh({ lead, members }: Shared): boolean {
  return lead.state !== 'over' && members.some(({ answer }) => answer.statuses.length === 0);
}

/** Status and reaction of what waits or runs. */
async function acknowledge(
  shared: Shared,
  entries: readonly Entry[],
  { client, context }: With,
): Promise<void> {
  const { desk, held } = context;
  const work = { shared, all: entries, held };
  await attempt(shared.members, 'status', () => postStatus(work, client, desk), context);
  for (const entry of shared.members) await reactTo(entry, client, context);
}

async function postAll(
  { entries, groups }: Everything,
  client: ForgeClient,
  context: Context,
): Promise<void> {
  const { desk } = context;
  // A verdict first: a pending status of the same commit goes over it then (L07).
  const open = groups.filter(isOpen);
  const isOver = ({ lead }: Shared) => lead.state === 'over';
  for (const shared of [...open.filter(isOver), ...open.filter((one) => !isOver(one))]) {
    await acknowledge(shared, entries, { client, context });
  }
  const rest = entries.filter(({ record, answer }) => record.type !== 'trigger' && !answer.final);
  for (const entry of rest) await reactTo(entry, client, context);
  for (const told of tellings(oneOfEach(entries, groups))) {
    const tellers = tellersOf(told);
    const post = () => postComment(told, { all: entries, held: context.held }, client, desk);
    await attempt(tellers, 'comment', post, context);
    await tellMembers(groups, desk);
  }
}

/** Each outcome that nobody was told yet is news of its own; last comes what the comment says at rest. */
function tellings(entries: readonly Entry[]): Told[] {
  const rest = tellAbout(entries);
  const untold = rest.earlier.filter((entry) => isNews(entry) && !entry.answer.told && !entry.answer.final);
  const news = untold.map((entry) => ({
    ...rest,
    main: entry,
    earlier: rest.earlier.filter((one) => one !== entry),
    waiting: rest.main === null || rest.main.state === 'over' ? rest.waiting : [rest.main, ...rest.waiting],
  }));
  return [...news, rest];
}

/** Who is told something by this comment and by no other; the first holds it. */
function tellersOf({ main, earlier, notices }: Told): readonly Entry[] {
  const others = [...notices].reverse().filter(({ answer }) => !answer.told);
  const quiet = earlier.filter((entry) => !isNews(entry) && !entry.answer.told);
  const holder = main ?? notices.at(-1);
  return [...new Set([...(holder === undefined ? [] : [holder]), ...others, ...quiet])];
}

/** What the lead was told, those who share its run were told with it. */
async function tellMembers(groups: readonly Shared[], desk: Desk): Promise<void> {
  for (const shared of groups) {
    const { told, refused } = shared.lead.answer;
    if (shared.lead.state !== 'over') continue;
    const isGivenUp = refused.includes('comment');
    if (told) await noteAll(shared, desk, (answer) => (answer.told ? null : { told }));
    else if (isGivenUp) {
      await noteAll(shared, desk, (answer) =>
        answer.refused.includes('comment') ? null : { refused: [...answer.refused, 'comment'] },
      );
    }
  }
}

/** Of triggers that share a run only the lead, so that nothing is told twice. */
function oneOfEach(entries: readonly Entry[], groups: readonly Shared[]): readonly Entry[] {
  const others = new Set(groups.flatMap(({ lead, members }) => members.filter((one) => one !== lead)));
  return entries.filter((entry) => !others.has(entry));
}

async function reactTo(entry: Entry, client: ForgeClient, context: Context): Promise<void> {
  const { record, answer, place } = entry;
  const { comment } = record;
  if (answer.reacted || answer.final || comment === undefined) return;
  const isRefusal = record.type === 'drop' && record.reason !== 'help';
  const react = async () => {
    await client.addReaction(place, comment.id, isRefusal ? 'confused' : 'eyes');
    await note(entry, context.desk, { reacted: true });
  };
  await attempt([entry], 'reaction', react, context);
}

/** Whether somebody who looks at the pull request sees that the comment was heard. */
function isAnswered({ answer }: Entry): boolean {
  return answer.statuses.some((status) => status.id !== null) || answer.told;
}

/** Whether nothing is left to post; `isAtRest`: there is one comment of ours at most. */
function isThrough({ record, state, answer }: Entry, isAtRest: boolean): boolean {
  const { refused } = answer;
  const isSeen = answer.reacted || record.comment === undefined || refused.includes('reaction');
  if (record.type === 'cancel') return isSeen;
  const isTold = (answer.told && isAtRest) || refused.includes('comment');
  if (record.type === 'drop') return isSeen && isTold;
  return state === 'over' && isSeen && isTold && (answer.checked || refused.includes('status'));
}

async function finish(entry: Entry, desk: Desk): Promise<void> {
  const page = entry.record.type === 'trigger' ? pageOf(entry.view.run) : null;
  await note(entry, desk, { final: true, page });
}
