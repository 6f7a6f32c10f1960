import { makeChannel } from '@ccci/lib/program/channel.ts';
import { until } from '@ccci/lib/program/ending.ts';
import type { Log } from '@ccci/lib/program/log.ts';
import type { Outcome } from '@ccci/lib/program/outcome.ts';
import type { Incoming } from '@ccci/lib/records/decode.ts';
import type { Stamping } from '@ccci/lib/records/encode.ts';
import type { ReportCounter } from './count.ts';
import type { Desk } from './desk.ts';
import { finish } from './finish.ts';
import type { ReportSource } from './look-over.ts';
import { type Plumbing, setUp } from './set-up.ts';
import { takeChange, takeRecord } from './take.ts';
import type { Change } from './watch.ts';

export type ReportOptions = Pick<Desk, 'settings' | 'forge' | 'state' | 'runs' | 'disk'> & {
  /** Where the pages are written. */
  readonly directory: string;
  /** What is enrolled, where there is a token to write with. */
  readonly sources: readonly ReportSource[];
  /** Runs at a time, for the estimate of how long something waits. */
  readonly slots: number;
  /** How long to go on trying at the end of the input. */
  readonly patienceMs: number;
  /** How often all of the directory is looked at besides. */
  readonly lookMs: number;
  /** How often that of it is looked at which goes on. */
  readonly goingMs: number;
  readonly stamping: Stamping;
  readonly log: Log;
  readonly outcome: Outcome;
  /** Ends the requests that are under way when patience has ended. */
  readonly giveUp: () => void;
  /** Given: at the end of the input what is under way is finished, and nothing more begun, when it has aborted. */
  readonly stopping?: AbortSignal;
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** At most one edit of a pull request in so many ms; 10 s by default. */
  readonly editMs?: number;
  /** How long an edit waits for lint and policy; 7 s by default. */
  readonly earlyMs?: number;
  /** Milliseconds of any beginning, for the pace of edits. */
  readonly clock?: () => number;
  readonly counter?: Pick<ReportCounter, 'posted' | 'retried'>;
};

/**
 * Passes records through and brings the forge to what the directory says: at the start, when a record or a change of
 * the directory tells of something new, now and then, and at the end of the input (triggers.md, steps 11 to 13).
 */
export async function* report(
  incoming: AsyncIterable<Incoming | Change>,
  options: ReportOptions,
): AsyncGenerator<object> {
  const channel = makeChannel<object>();
  const failing = new AbortController();
  const fail = (error: unknown) => {
    channel.fail(error);
    failing.abort();
    options.giveUp();
  };
  const pumping = pump(incoming, options, { channel, fail, failed: failing.signal }).catch(fail);
  void pumping.then(channel.end);
  try {
    yield* channel.items();
  } catch (error) {
    // What is under way comes to its end first: nothing is posted or written when a report has failed.
    await pumping;
    throw error;
  }
}

async function pump(
  incoming: AsyncIterable<Incoming | Change>,
  options: ReportOptions,
  plumbing: Plumbing,
): Promise<void> {
  const { fail, failed } = plumbing;
  const work = setUp(options, plumbing);
  const { rounds, desks, look, lookOver } = work;
  const first = look().then(work.tend).catch(fail);
  const pages = desks.publisher.overview();
  lookOver.now();
  const timers = [
    setInterval(() => void look().catch(fail), options.lookMs),
    setInterval(lookOver.now, options.lookMs),
    setInterval(work.lookAtGoing, options.goingMs),
  ];
  for (const timer of timers) timer.unref();
  try {
    for await (const item of until(incoming, failed)) {
      if (item.kind === 'changed') await takeChange(item, work);
      else await takeRecord(item, work);
    }
    await first;
    desks.hurry();
    if (options.stopping?.aborted !== true) await look();
    if (!failed.aborted) await finish(rounds, lookOver, options);
  } catch (error) {
    fail(error);
  }
  for (const timer of timers) clearInterval(timer);
  await Promise.all([rounds.stop(), lookOver.atRest(), pages]);
  await desks.publisher.idle();
}
