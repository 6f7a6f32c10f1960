import { logText } from '../run/log-text.ts';
import type { LogReader } from './log-pages.ts';

export type Match = { readonly number: number; readonly text: string };
/** What one more page of the log brought. */
export type Found = {
  readonly matches: readonly Match[];
  readonly pages: number;
  readonly isOver: boolean;
  /** The log could not be read to its end. */
  readonly isBroken: boolean;
};

/** Looks through a log from its first line, page by page; letters of either case match. */
export async function* searchLog(log: LogReader, query: string, signal: AbortSignal): AsyncGenerator<Found> {
  const wanted = query.toLowerCase();
  let number = 0;
  for (let index = 0; ; index += 1) {
    const page = await log.page(index, signal);
    if (signal.aborted) return;
    const matches: Match[] = [];
    const isBroken = page.kind !== 'page';
    for (const line of isBroken ? [] : page.lines) {
      number += 1;
      const whole = logText(line, Number.POSITIVE_INFINITY);
      if (whole.toLowerCase().includes(wanted)) matches.push({ number, text: logText(line) });
    }
    const isOver = isBroken || page.isLast;
    yield { matches, pages: index + 1, isOver, isBroken };
    if (isOver) return;
  }
}
