import type { AnyRecord } from '../records/types.ts';
import { journalPath } from '../state/layout.ts';
import { orderOfWork, type Waiting } from '../state/order.ts';
import { listQueue, readJournal } from '../state/queue.ts';
import { isSamePull, isSameWork, listWork, pullOf, type Work, type WorkCache } from '../state/work.ts';
import { type Expected, openDurations } from './durations.ts';

/** Where a trigger stands: 1 is next; `behind` is a key; `etaMs` until it starts, null when nobody can tell. */
export type Place = { readonly place: number; readonly behind: string | null; readonly etaMs: number | null };

/** What runs, and since when (epoch ms). */
export type Running = Waiting & { readonly sinceMs: number };

export type PlaceFacts = {
  readonly waiting: readonly Waiting[];
  readonly running: readonly Running[];
  readonly expect: (recipe: string) => Expected | null;
  /** Runs at a time. */
  readonly slots: number;
  readonly nowMs: number;
};

export type PlacesOptions = {
  readonly state: string;
  readonly runs: string;
  readonly slots?: number | undefined;
  readonly now?: () => Date;
};

/** Places for many: what cannot have changed is read once. */
export type Places = {
  readonly of: (file: string) => Promise<Place | null>;
  /** What runs, and the first of what waits: what will run together once, in the order of work. */
  readonly first: (limit: number) => Promise<Queue>;
};

export type Queue = {
  readonly running: readonly Running[];
  readonly waiting: readonly (Waiting & Place)[];
  /** How many wait behind them. */
  readonly more: number;
};

/** The place of one file; null when it does not wait. For more than one, `makePlaces`. */
export function placeInQueue(file: string, options: PlacesOptions): Promise<Place | null> {
  return makePlaces(options).of(file);
}

/** Reads the queue again only when a file came, went or was claimed, and each result of a run once. */
export function makePlaces({ state, runs, slots = 1, now = () => new Date() }: PlacesOptions): Places {
  const cache: WorkCache = new Map();
  const durations = openDurations(runs);
  let standing: Standing & { readonly names: string } = { names: '', groups: [], running: [] };
  const timing = () => ({ expect: durations.expect, slots, nowMs: now().getTime() });
  const look = async (isWanted: (names: string) => boolean) => {
    const names = (await Promise.all([listQueue(state, 'new'), listQueue(state, 'cur')])).join(' cur ');
    if (!isWanted(names)) return false;
    if (names === standing.names) return true;
    await durations.refresh();
    standing = { names, ...(await readStanding(state, cache)) };
    return true;
  };
  return {
    of: async (file) =>
      (await look((names) => names.includes(file))) ? placeAmong(file, standing, timing()) : null,
    first: async (limit) =>
      (await look((names) => names !== ' cur ')) ? firstOf(standing, limit, timing()) : nobody,
  };
}

/** Position in the order of work (triggers.md, step 11); what will run together stands together. Pure. */
export function decidePlace(file: string, { waiting, running, ...facts }: PlaceFacts): Place | null {
  return placeAmong(file, standingOf(waiting, running), facts);
}

/** What waits, in the order of work, together what will run together. */
type Standing = { readonly groups: readonly (readonly Waiting[])[]; readonly running: readonly Running[] };
type Timing = Omit<PlaceFacts, 'waiting' | 'running'>;

function standingOf(waiting: readonly Waiting[], running: readonly Running[]): Standing {
  const order = orderOfWork(waiting, { running: running.map(({ record }) => record) });
  return { groups: together(order), running };
}

function placeAmong(file: string, { groups, running }: Standing, timing: Timing): Place | null {
  const index = groups.findIndex((group) => group.some((one) => one.file === file));
  const own = groups[index]?.[0];
  if (own === undefined) return null;
  const ahead = groups.slice(0, index).flatMap(([first]) => first ?? []);
  const before = ahead.at(-1) ?? running.find(({ record }) => isSamePull(record, own.record)) ?? running[0];
  const etaMs = untilStart(own, { ahead, running }, timing);
  return { place: index + 1, behind: before?.record.key ?? null, etaMs };
}

const nobody: Queue = { running: [], waiting: [], more: 0 };

function firstOf(standing: Standing, limit: number, timing: Timing): Queue {
  const { groups, running } = standing;
  const waiting = groups.slice(0, limit).flatMap(([first]) => {
    const place = first === undefined ? null : placeAmong(first.file, standing, timing);
    return first === undefined || place === null ? [] : [{ ...first, ...place }];
  });
  return { running, waiting, more: Math.max(0, groups.length - limit) };
}

/** Each takes the slot that is free first, and waits for what runs on its pull request (step 16). */
function untilStart(
  own: Waiting,
  { ahead, running }: { readonly ahead: readonly Waiting[]; readonly running: readonly Running[] },
  { expect, slots, nowMs }: Timing,
): number | null {
  const pulls = new Map<string | null, number>();
  const ends: number[] = [];
  for (const [{ record, sinceMs }] of together(running) as [Running][]) {
    const expected = expect(record.recipe);
    if (expected === null) return null;
    ends.push(remaining(expected, nowMs - sinceMs));
    pulls.set(pullOf(record), ends.at(-1) ?? 0);
  }
  while (ends.length < slots) ends.push(0);
  const startOf = ({ record }: Waiting) => {
    const slot = ends.indexOf(Math.min(...ends));
    const pull = pullOf(record);
    return { slot, at: Math.max(ends[slot] ?? 0, pull === null ? 0 : (pulls.get(pull) ?? 0)) };
  };
  for (const one of ahead) {
    const expected = expect(one.record.recipe);
    if (expected === null) return null;
    const { slot, at } = startOf(one);
    ends[slot] = at + expected.medianMs;
    pulls.set(pullOf(one.record), ends[slot]);
  }
  return Math.round(startOf(own).at);
}

/** What takes longer than half of its kind may take as long as the longest. */
function remaining({ medianMs, longestMs }: Expected, elapsedMs: number): number {
  return Math.max(0, (elapsedMs < medianMs ? medianMs : longestMs) - elapsedMs);
}

function together<One extends Waiting>(ordered: readonly One[]): One[][] {
  const groups: One[][] = [];
  const byCommit = new Map<string, One[][]>();
  for (const one of ordered) {
    const commit = `${pullOf(one.record)} ${one.record.ref}`;
    const known = byCommit.get(commit) ?? [];
    const group = known.find(([first]) => first !== undefined && isSameWork(first.record, one.record));
    if (group !== undefined) group.push(one);
    else {
      groups.push([one]);
      byCommit.set(commit, [...known, groups.at(-1) as One[]]);
    }
  }
  return groups;
}

async function readStanding(state: string, cache: WorkCache): Promise<Standing> {
  const running: Running[] = [];
  for (const one of (await listWork(state, 'cur', { cache })).filter(isTrigger)) {
    running.push({ ...one, sinceMs: startOf(await readJournal(journalPath(state, 'cur', one.file))) });
  }
  return standingOf((await listWork(state, 'new', { cache })).filter(isTrigger), running);
}

function isTrigger(work: Work): work is Waiting {
  return work.record.type === 'trigger';
}

/** When it was claimed last. */
function startOf(journal: readonly AnyRecord[]): number {
  return Date.parse(String(journal.findLast(({ type }) => type === 'claim')?.at)) || 0;
}
