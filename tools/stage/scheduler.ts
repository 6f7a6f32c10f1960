import type { Cancel } from '@ccci/lib/records/cancel.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { Claimed } from '@ccci/lib/state/claim.ts';
import type { Overtaken } from '@ccci/lib/state/overtaken.ts';
import { repositoryOf, type WorkCache } from '@ccci/lib/state/work.ts';
import { cancelActive, type Endings } from './active.ts';
import { choose, obeyedCancels, stillOffered } from './choose.ts';
import { makeComplaints } from './complaints.ts';
import { makeHands } from './hands.ts';
import { heed } from './heed.ts';
import { lookAtQueue } from './look.ts';
import { makePreviews, type PreviewsOptions } from './previews.ts';
import { makeRest } from './rest.ts';
import { makeRunning } from './running.ts';
import { dropOvertaken, settleCancel } from './settle.ts';
import { checkOpenSlots } from './slots.ts';
import { takeNext } from './take.ts';
import { makeTurns } from './turns.ts';
import type { Watch } from './watch.ts';
import type { WorkOptions } from './work.ts';

export type SchedulerOptions = Endings &
  Pick<
    WorkOptions,
    | 'state'
    | 'runs'
    | 'stamping'
    | 'errorRecord'
    | 'noteBug'
    | 'noteFailure'
    | 'noteTrouble'
    | 'ready'
    | 'checkRoom'
    | 'say'
    | 'emit'
  > &
  Pick<PreviewsOptions, 'preview'> & {
    /** Runs at a time. */
    readonly slots: number;
    /** Takes whatever waits in the queue, offered or not. */
    readonly isSpool: boolean;
    readonly watch: Watch;
    /** Runs a trigger that nobody queued. */
    readonly workHere: (trigger: Trigger, own: { readonly signal: AbortSignal }) => Promise<void>;
    /** Runs what was claimed; where it is overtaken already, only clears up after it. */
    readonly workQueued: (
      claimed: Claimed,
      own: { readonly signal: AbortSignal; readonly overtaken: Overtaken | null },
    ) => Promise<void>;
  };

export type Scheduler = {
  /** A trigger of the pipe: its queue file may be taken, or, without one, it is run as it is. */
  readonly offer: (trigger: Trigger) => void;
  /** A cancel of the pipe. */
  readonly cancel: (cancel: Cancel) => Promise<void>;
  /** Looks at the queue and begins what may begin. */
  readonly wake: () => void;
  /** Resolves when nothing runs and nothing that was offered can begin any more; rejects with what broke it. */
  readonly atRest: () => Promise<void>;
  /** How many runs were begun so far. */
  readonly begun: () => number;
  /** Ends the watching, and what is under way besides the runs. */
  readonly close: () => Promise<void>;
};

/**
 * Fills the slots: what nobody queued in the order in which it came, the queue in the order of work. Whoever wakes it
 * makes it look; what it knows of the queue is what it sees there (triggers.md, step 6).
 */
export function makeScheduler(options: SchedulerOptions): Scheduler {
  const { state, stopping, isSpool, slots, emit } = options;
  const cache: WorkCache = new Map();
  const offered = new Map<string, Trigger>();
  const served = new Map<string, number>();
  const hands = makeHands(options.stamping);
  const rest = makeRest();
  const complaints = makeComplaints(options);
  let unwatch: (() => void) | null = null;
  let isEnding = false;

  const turns = makeTurns(turn, (error) => {
    if (error !== null) rest.fail(error);
    else if (isAtRest()) rest.reach();
  });
  const previews = makePreviews({ ...options, cache });
  const running = makeRunning({
    ...options,
    onEnd: (error) => {
      previews.stop();
      if (error !== null) rest.fail(error);
      turns.wake();
    },
  });
  const useQueue = () => {
    unwatch ??= options.watch(turns.wake);
  };
  if (isSpool) useQueue();

  async function turn(): Promise<void> {
    if (stopping.aborted) return stop();
    if (unwatch !== null) await heedQueue();
    while (running.active.size < slots && !stopping.aborted) {
      const isBegun = startHand() || (await startQueued());
      if (!isBegun) break;
    }
    if (unwatch !== null) previews.wake(running.active.size >= slots);
  }

  async function stop(): Promise<void> {
    previews.stop();
    offered.clear();
    for (const drop of hands.drop(`ended by ${String(stopping.reason)} before it began`)) await emit(drop);
  }

  async function heedQueue(): Promise<void> {
    // What is offered while the queue is being looked at may not be in the look yet.
    const before = [...offered.keys()];
    const look = await lookAtQueue(state, cache);
    await heed(running.active, look);
    for (const drop of await dropOvertaken(look, options)) await emit(drop);
    for (const { record } of obeyedCancels(look)) await settleCancel(record, options);
    const alive = new Set(stillOffered(look, offered));
    for (const file of before) if (!alive.has(file)) offered.delete(file);
  }

  function startHand(): boolean {
    const trigger = hands.next();
    if (trigger === undefined) return false;
    running.start({ triggers: [trigger], claimed: null }, ({ signal }) =>
      options.workHere(trigger, { signal }),
    );
    return true;
  }

  async function startQueued(): Promise<boolean> {
    if (unwatch === null || (!isSpool && offered.size === 0)) return false;
    const free = slots - running.active.size;
    const choice = { offered: isSpool ? null : offered, slots, free, served };
    const taken = await takeNext({
      ...options,
      cache,
      pick: (look) => choose(look, choice),
      checkSlots: () => checkOpenSlots(state, { slots, busy: running.active.size }),
    });
    if (taken === null) return false;
    if (taken.kind === 'failed') {
      const isLeft = await complaints.say(taken, isEnding);
      return isLeft && offered.delete(taken.waiting.file);
    }
    offered.delete(taken.file);
    complaints.clear();
    if (taken.claimed !== null) await startClaimed(taken.claimed, taken.overtaken);
    return true;
  }

  async function startClaimed(claimed: Claimed, overtaken: Overtaken | null): Promise<void> {
    served.set(repositoryOf(claimed.trigger), served.size);
    // Through the pipe it was passed on before it came here.
    if (isSpool) await emit(claimed.trigger);
    running.start({ triggers: [claimed.trigger], claimed }, ({ signal }) =>
      options.workQueued(claimed, { signal, overtaken }),
    );
  }

  function isAtRest(): boolean {
    return turns.isStill() && running.active.size + hands.count() + offered.size === 0;
  }

  return {
    offer: (trigger) => {
      if (trigger.spool === undefined) hands.add(trigger);
      else {
        useQueue();
        offered.set(trigger.spool, trigger);
      }
      turns.wake();
    },
    cancel: async (record) => {
      if (record.spool !== undefined) useQueue();
      cancelActive(record, running.active);
      for (const drop of hands.drop(`cancelled by ${record.comment.author}`, record)) await emit(drop);
      turns.wake();
    },
    wake: turns.wake,
    atRest: () => {
      isEnding = true;
      const reached = rest.wait();
      turns.wake();
      return reached;
    },
    begun: running.begun,
    close: () => {
      unwatch?.();
      return previews.close();
    },
  };
}
