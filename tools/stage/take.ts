import { Failure } from '@ccci/lib/program/failure.ts';
import { finishedOf } from '@ccci/lib/runs/finished.ts';
import { type Claimed, claim } from '@ccci/lib/state/claim.ts';
import { lockClaims } from '@ccci/lib/state/only-one.ts';
import type { Waiting } from '@ccci/lib/state/order.ts';
import { type Overtaken, overtakenBy } from '@ccci/lib/state/overtaken.ts';
import type { WorkCache } from '@ccci/lib/state/work.ts';
import { type Look, lookAtQueue, rivalsIn } from './look.ts';
import type { WorkOptions } from './work.ts';

export type TakeOptions = Pick<
  WorkOptions,
  'state' | 'runs' | 'stamping' | 'ready' | 'checkRoom' | 'emit'
> & {
  /** Throws a `Failure` (75) where no slot is open. */
  readonly checkSlots: () => Promise<void>;
  readonly cache: WorkCache;
  /** What of it is to be run next; null for nothing. */
  readonly pick: (look: Look) => Waiting | null;
};

/** `claimed` is null where somebody else was faster, or the run turned out to be over. */
export type Taken =
  | {
      readonly kind: 'taken';
      readonly file: string;
      readonly claimed: Claimed | null;
      /** Set for a dead claim that is to be cleared up after and not to be run again. */
      readonly overtaken: Overtaken | null;
    }
  | { readonly kind: 'failed'; readonly waiting: Waiting; readonly failure: Failure };

/**
 * Chooses and claims what is to be run next, while no other stage chooses; nothing is claimed without an open slot, an
 * engine to run it on, and room for it (L60). Null when there is nothing to take now.
 */
export async function takeNext(options: TakeOptions): Promise<Taken | null> {
  const { state, cache, pick, ready, checkSlots, checkRoom } = options;
  const found = pick(await lookAtQueue(state, cache));
  if (found === null) return null;
  const failure = await tryTo(async () => {
    await checkSlots();
    await ready();
    await checkRoom();
  });
  if (failure !== null) return { kind: 'failed', waiting: found, failure };
  const lock = await lockClaims(state);
  if (lock === null) return null;
  try {
    const look = await lookAtQueue(state, cache);
    const waiting = pick(look);
    return waiting === null ? null : await take(waiting, look, options);
  } finally {
    lock.release();
  }
}

async function take(waiting: Waiting, look: Look, options: TakeOptions): Promise<Taken> {
  const { state, runs, stamping, emit } = options;
  const rivals = rivalsIn(look);
  const overtaken = overtakenBy(waiting.record, rivals);
  let claimed: Claimed | null = null;
  const failure = await tryTo(async () => {
    claimed = await claim(state, waiting.file, {
      stamping,
      finishedOf: (run) => finishedOf(runs, run),
      onSettled: emit,
      // What is overtaken is dropped, and nothing that is to be run goes with it.
      isMate: (mate) => (overtakenBy(mate, rivals) === null) === (overtaken === null),
    });
  });
  if (failure !== null) return { kind: 'failed', waiting, failure };
  return { kind: 'taken', file: waiting.file, claimed, overtaken };
}

/** The failure of something that may fail; anything else that is thrown is a bug. */
async function tryTo(work: () => Promise<unknown>): Promise<Failure | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}
