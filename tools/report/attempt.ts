import { type ForgeError, isForgeError, isPassing } from '@ccci/lib/forge/forge-error.ts';
import type { Desk } from './desk.ts';
import { type Entry, note } from './entry.ts';
import type { Held } from './held.ts';

/** What one go at a pull request is made with, and what went wrong in it. */
export type Context = {
  readonly desk: Desk;
  readonly trouble: { rest: 'done' | 'again' | 'stuck'; retryAfterMs: number };
  readonly held: Held;
};

export type Part = 'status' | 'reaction' | 'comment';

/**
 * One part of the work for the entries that it is for; a failure of the forge keeps no other part from being done.
 * What the forge refuses for good is noted, and not tried again for the same entries.
 */
export async function attempt(
  entries: readonly Entry[],
  part: Part,
  work: () => Promise<void>,
  context: Context,
): Promise<void> {
  const concerned = entries.filter(({ answer }) => !answer.refused.includes(part));
  const [entry] = concerned;
  if (entry === undefined) return;
  try {
    await work();
  } catch (error) {
    if (!isForgeError(error)) throw error;
    const isForGood = isHopeless(error, part);
    await context.desk.complain(entry.key, error, isForGood);
    if (isForGood) await giveUp(concerned, part, context);
    else noteTrouble(error, context);
  }
}

/** Gone, locked, archived: no later try can help. A reaction may be switched off besides, and is no answer by itself. */
const forGood: Readonly<Record<Part, readonly (number | null)[]>> = {
  status: [404, 410, 422, 423],
  comment: [404, 410, 422, 423],
  reaction: [400, 403, 404, 410, 422, 423],
};

function isHopeless({ trouble, httpStatus }: ForgeError, part: Part): boolean {
  return trouble === 'refused' && forGood[part].includes(httpStatus);
}

async function giveUp(entries: readonly Entry[], part: Part, { desk }: Context): Promise<void> {
  for (const entry of entries) await note(entry, desk, { refused: [...entry.answer.refused, part] });
}

function noteTrouble(error: ForgeError, { trouble }: Context): void {
  if (isPassing(error)) {
    trouble.rest = 'again';
    trouble.retryAfterMs = Math.max(trouble.retryAfterMs, error.retryAfterMs ?? 0);
  } else if (trouble.rest === 'done') trouble.rest = 'stuck';
}
