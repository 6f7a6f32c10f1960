import { type ForgeError, isForgeError, isPassing } from '@ccci/lib/forge/forge-error.ts';
import type { ForgeClient } from '@ccci/lib/forge/gitea.ts';
import { type Told, tellAbout } from './conversation.ts';
import type { Desk } from './desk.ts';
import { deepen, type Entry, note, pageOf, readEntry } from './entry.ts';
import { postComment } from './post-comment.ts';
import { postStatus } from './post-status.ts';

/** What was posted for one key in one go. */
export type Posted = { readonly entry: Entry; readonly stage: 'pending' | 'final' };

/**
 * `done`: the forge says what the directory says. `again`: a passing failure, worth another try. `stuck`: refused in
 * a way that only people can mend; kept for the next start.
 */
export type Brought = {
  readonly posted: readonly Posted[];
  readonly rest: 'done' | 'again' | 'stuck';
  readonly retryAfterMs: number;
};

type Trouble = { rest: Brought['rest']; retryAfterMs: number };

/** Brings the forge to what the directory says of one pull request; one request at a time (triggers.md, step 11). */
export async function bring(files: readonly string[], desk: Desk): Promise<Brought> {
  const entries: Entry[] = [];
  for (const file of files) {
    const entry = await readEntry(file, desk);
    if (entry !== null) entries.push(entry);
  }
  const open = entries.filter((entry) => !entry.answer.final);
  const first = open[0];
  if (first === undefined) return { posted: [], rest: 'done', retryAfterMs: 0 };
  const before = new Map(open.map((entry) => [entry, isAnswered(entry)]));
  const { main } = tellAbout(entries);
  for (const entry of new Set([...open, ...(main === null ? [] : [main])])) await deepen(entry, desk);
  for (const entry of open) if (entry.record.type === 'trigger') await desk.publish(entry.view);
  const trouble: Trouble = { rest: 'done', retryAfterMs: 0 };
  await postAll(open, entries, await desk.forge(first.place.forge), { desk, trouble });
  const posted: Posted[] = [];
  for (const entry of open) {
    if (isThrough(entry)) await finish(entry, desk);
    if (entry.answer.final) posted.push({ entry, stage: 'final' });
    else if (before.get(entry) === false && isAnswered(entry)) posted.push({ entry, stage: 'pending' });
  }
  return { posted, ...trouble };
}

type Context = { readonly desk: Desk; readonly trouble: Trouble };

async function postAll(
  open: readonly Entry[],
  entries: readonly Entry[],
  client: ForgeClient,
  { desk, trouble }: Context,
): Promise<void> {
  for (const entry of open) {
    if (entry.record.type === 'trigger') {
      await attempt(entry, 'status', () => postStatus(entry, entries, client, desk), { desk, trouble });
    }
    await attempt(entry, 'reaction', () => react(entry, client, desk), { desk, trouble });
  }
  for (const told of tellings(entries)) {
    const owner = told.main ?? told.notices.at(-1);
    if (owner === undefined) continue;
    await attempt(owner, 'comment', () => postComment(told, entries, client, desk), { desk, trouble });
  }
}

/** Each outcome that nobody was told yet is news of its own; last comes what the comment says at rest. */
function tellings(entries: readonly Entry[]): Told[] {
  const rest = tellAbout(entries);
  const untold = [...rest.earlier].filter((entry) => !entry.answer.told && !entry.answer.final);
  const news = untold.map((entry) => ({
    ...rest,
    main: entry,
    earlier: rest.earlier.filter((one) => one !== entry),
    waiting: rest.main === null || rest.main.state === 'over' ? rest.waiting : [rest.main, ...rest.waiting],
  }));
  return [...news, rest];
}

/** One part of the work; its failure keeps no other part from being done. */
async function attempt(
  entry: Entry,
  part: string,
  work: () => Promise<void>,
  { desk, trouble }: Context,
): Promise<void> {
  if (entry.answer.refused.includes(part)) return;
  try {
    await work();
  } catch (error) {
    if (!isForgeError(error)) throw error;
    await judgeError(error, { entry, part }, { desk, trouble });
  }
}

/** Gone, locked, archived: no later try can help. */
const forGood: readonly (number | null)[] = [404, 410, 422, 423];

async function judgeError(
  error: ForgeError,
  { entry, part }: { readonly entry: Entry; readonly part: string },
  { desk, trouble }: Context,
): Promise<void> {
  const isForGood = error.trouble === 'refused' && forGood.includes(error.httpStatus);
  await desk.complain(entry.key, error, isForGood);
  if (isForGood) {
    await note(entry, desk.state, { refused: [...entry.answer.refused, part] });
  } else if (isPassing(error)) {
    trouble.rest = 'again';
    trouble.retryAfterMs = Math.max(trouble.retryAfterMs, error.retryAfterMs ?? 0);
  } else if (trouble.rest === 'done') {
    trouble.rest = 'stuck';
  }
}

async function react(entry: Entry, client: ForgeClient, { state }: Desk): Promise<void> {
  const { comment } = entry.record;
  if (entry.answer.reacted || comment === undefined) return;
  const isRefusal = entry.record.type === 'drop' && entry.record.reason !== 'help';
  await client.addReaction(entry.place, comment.id, isRefusal ? 'confused' : 'eyes');
  await note(entry, state, { reacted: true });
}

/** Whether somebody who looks at the pull request sees that the comment was heard. */
function isAnswered({ answer }: Entry): boolean {
  return answer.statuses.some((status) => status.id !== null) || answer.told;
}

/** Whether nothing is left to post. */
function isThrough({ record, state, answer }: Entry): boolean {
  const { refused } = answer;
  const isSeen = answer.reacted || record.comment === undefined || refused.includes('reaction');
  if (record.type === 'cancel') return isSeen;
  const isTold = answer.told || refused.includes('comment');
  if (record.type === 'drop') return isSeen && isTold;
  return state === 'over' && isSeen && isTold && (answer.checked || refused.includes('status'));
}

async function finish(entry: Entry, { state }: Desk): Promise<void> {
  const page = entry.record.type === 'trigger' ? pageOf(entry.view.run) : null;
  await note(entry, state, { final: true, page });
}
