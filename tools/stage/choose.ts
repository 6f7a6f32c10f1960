import { isSweep, orderOfWork, type Standing, type Waiting } from '@ccci/lib/state/order.ts';
import { overtakenBy } from '@ccci/lib/state/overtaken.ts';
import { isNewer, isSamePull } from '@ccci/lib/state/work.ts';
import { type Look, rivalsIn } from './look.ts';

export type Choice = Pick<Standing, 'served'> & {
  /** Names that may be taken; null for all. */
  readonly offered: ReadonlyMap<string, unknown> | null;
  readonly slots: number;
  readonly free: number;
};

/**
 * What is to be run next (triggers.md, step 16): one run at a time per pull request, and a sweep never takes the last
 * of several slots, so that a person finds one free. Null when nothing may begin now. Pure.
 */
export function choose(look: Look, { offered, slots, free, served }: Choice): Waiting | null {
  const rivals = rivalsIn(look);
  const alive = look.waiting.filter(({ record }) => overtakenBy(record, rivals) === null);
  const isFree = ({ record }: Waiting) => !look.held.some((run) => isSamePull(run, record));
  const isOffered = ({ file }: Waiting) => offered === null || offered.has(file);
  const mayTakeSlot = ({ record }: Waiting) => !isSweep(record) || slots === 1 || free > 1;
  const candidates = [...look.dead, ...alive].filter(
    (one) => isFree(one) && isOffered(one) && mayTakeSlot(one),
  );
  return orderOfWork(candidates, { running: look.held, served })[0] ?? null;
}

/** Offered names that can still become a run: the others are gone, held by somebody else, or dedupe's to drop. */
export function stillOffered(look: Look, offered: ReadonlyMap<string, unknown>): string[] {
  const rivals = rivalsIn(look);
  const alive = look.waiting.filter(({ record }) => overtakenBy(record, rivals) === null);
  return [...look.dead, ...alive].map(({ file }) => file).filter((file) => offered.has(file));
}

/** Cancels that have nothing left to end: nothing older of their pull request waits or runs. */
export function obeyedCancels({ waiting, cancels, dead, held }: Look): Look['cancels'] {
  const all = [...held, ...[...waiting, ...dead].map(({ record }) => record)];
  return cancels.filter(
    ({ record: cancel }) => !all.some((one) => isSamePull(one, cancel) && isNewer(cancel, one)),
  );
}
