import type { Conversation } from '@ccci/lib/pages/comment.ts';
import { isRefusal } from '@ccci/lib/pages/notices.ts';
import type { Drop } from '@ccci/lib/records/drop.ts';
import type { Entry } from './entry.ts';

/** What our one comment is about: the entry that it tells most of, and all the rest. */
export type Told = {
  /** Null when there are only answers to what was not acted on. */
  readonly main: Entry | null;
  readonly earlier: readonly Entry[];
  readonly waiting: readonly Entry[];
  readonly notices: readonly Entry[];
};

/**
 * What runs comes first; else the last outcome, unless somebody asked again after it; else what waits (L07: an old
 * verdict never stands for a new question). Of triggers that share a run, only one is to be among the entries.
 */
export function tellAbout(entries: readonly Entry[]): Told {
  const triggers = entries.filter((entry) => entry.record.type === 'trigger' && !isRefused(entry));
  const notices = entries.filter((entry) => entry.record.type === 'drop' || isRefused(entry));
  const over = triggers.filter((entry) => entry.state === 'over').sort(byEnd);
  const open = triggers.filter((entry) => entry.state !== 'over');
  const running = open.find((entry) => entry.state === 'running');
  const last = over.at(-1);
  const isAskedAgain = open.some((entry) => last === undefined || askedAt(entry) > endedAt(last));
  const main = running ?? (isAskedAgain ? open[0] : last) ?? null;
  return {
    main,
    earlier: over.filter((entry) => entry !== main),
    waiting: open.filter((entry) => entry !== main),
    notices,
  };
}

/** The same as views, for the text. */
export function conversationOf({ main, earlier, waiting, notices }: Told): Conversation {
  return {
    main: main?.view ?? null,
    earlier: earlier.map((entry) => entry.view),
    waiting: waiting.map((entry) => entry.view),
    notices: notices.map(noticeOf),
  };
}

/** True for an outcome that people are to be told by a comment of its own; what never ran, or gave way, is none. */
export function isNews({ view: { results } }: Entry): boolean {
  return results !== null && results.verdict !== 'superseded';
}

/** A trigger that was accepted, and refused to its author later: at the claim, or by a limit. */
function isRefused({ record, view }: Entry): boolean {
  return record.type === 'trigger' && view.results === null && view.drop !== null && isRefusal(view.drop);
}

function noticeOf({ record, view }: Entry): Drop {
  if (record.type === 'drop') return record;
  const { pr, comment } = record;
  return { ...(view.drop as Drop), pr, comment };
}

function byEnd(one: Entry, other: Entry): number {
  return endedAt(one) - endedAt(other);
}

/** Epoch seconds; what never ran, or gave way to what was asked later, counts from when it was asked. */
function endedAt(entry: Entry): number {
  return isNews(entry) ? (entry.view.results?.finished ?? 0) : askedAt(entry);
}

function askedAt({ record }: Entry): number {
  return Date.parse(record.comment?.created ?? record.at) / 1000;
}
