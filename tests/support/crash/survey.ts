import { readFileSync } from 'node:fs';
import { calls, type Strike } from './strike.ts';

/** A place to strike, and whether the call there says anything to a file, a pipe or a peer. */
export type Place = Strike & { readonly telling: boolean };

/**
 * All places of one program, from what `traced` wrote down of an undisturbed life. Most writes only wake a thread
 * (eventfds, V8's own pipes): a kill there is one between two others, so they are not telling.
 */
export function placesOf(program: string, log: string): Place[] {
  const seen = readFileSync(log, 'utf8').split('\n').flatMap(parse);
  const first = seen.filter(({ thread }) => thread === seen[0]?.thread);
  const others = threadsOf(seen.filter(({ thread }) => thread !== seen[0]?.thread));
  return [
    ...calls.first.flatMap((call) => numbered([first], { program, threads: 'first', call })),
    ...calls.all.flatMap((call) => numbered(others, { program, threads: 'all', call })),
  ];
}

type Seen = { readonly thread: string; readonly call: string; readonly args: string };

const line = /^(\d+) +(\w+)\((.*)/;

function parse(text: string): Seen[] {
  const [, thread, call, args] = line.exec(text) ?? [];
  return thread === undefined || call === undefined ? [] : [{ thread, call, args: args ?? '' }];
}

function threadsOf(seen: readonly Seen[]): Seen[][] {
  const threads = new Map<string, Seen[]>();
  for (const one of seen) threads.set(one.thread, [...(threads.get(one.thread) ?? []), one]);
  return [...threads.values()];
}

/** The `nth` of every thread is the same place: whoever comes to it first is struck. */
function numbered(
  threads: readonly (readonly Seen[])[],
  strike: Pick<Strike, 'program' | 'threads' | 'call'>,
): Place[] {
  const made = threads.map((seen) => seen.filter(({ call }) => call === strike.call));
  const most = Math.max(0, ...made.map(({ length }) => length));
  return Array.from({ length: most }, (_, index) => ({
    ...strike,
    nth: index + 1,
    telling: made.some((own) => own[index] !== undefined && isTelling(own[index])),
  }));
}

/** Files by their path, the standard streams, sockets; neither eventfds nor pipes that are the process's own. */
function isTelling({ call, args }: Seen): boolean {
  if (call !== 'write') return true;
  return /^(1<|\d+<(\/|socket:|TCP:))/.test(args) && !/^\d+<\/dev\//.test(args);
}
