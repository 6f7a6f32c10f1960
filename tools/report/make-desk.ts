import type { Collector } from '@ccci/lib/pages/collect.ts';
import type { Channel } from '@ccci/lib/program/channel.ts';
import { codeOf, exitStatus, Failure, messageOf } from '@ccci/lib/program/failure.ts';
import { stamp } from '@ccci/lib/records/encode.ts';
import { makePlaces } from '@ccci/lib/runs/place.ts';
import type { Desk } from './desk.ts';
import { makePace } from './pace.ts';
import { pause } from './pause.ts';
import { makePublisher, type Publisher } from './publish.ts';
import type { ReportOptions } from './report.ts';
import type { Threads } from './threads.ts';

/** What all pull requests share; `of` gives one of them what it needs. */
export type Desks = {
  readonly of: (thread: string) => Desk;
  readonly complain: Desk['complain'];
  readonly publisher: Publisher;
  /** From now on edits wait for nothing: what has to be said is said before the end. */
  readonly hurry: () => void;
};

export type DeskOptions = {
  readonly options: ReportOptions;
  readonly threads: Threads;
  readonly channel: Channel<object>;
  readonly collector: Collector;
};

/** At most one edit of a pull request in so many ms. */
const editMs = 10_000;
/** Lint and policy come within 10 s of the trigger: an edit just before them would keep them back for another 10 s. */
const earlyMs = 7_000;

export function makeDesks({ options, threads, channel, collector }: DeskOptions): Desks {
  const { state, runs, slots, stamping, clock = () => performance.now() } = options;
  const places = makePlaces({ state, runs, slots, now: stamping.now });
  const pace = makePace({
    editMs: options.editMs ?? editMs,
    earlyMs: options.earlyMs ?? earlyMs,
    clock,
  });
  const publisher = makePublisher({
    ...options,
    places,
    views: collector.views,
    pause,
    warn: (message) => options.log.warning(message),
    complain: complaintOfPages(options),
  });
  const complain = complaintOfPosts(options, channel);
  let isHurried = false;
  const shared = {
    ...options,
    live: (run: string) => collector.views().find((view) => view.run === run),
    places,
    findFile: threads.findFile,
    publish: publisher.run,
    complain,
  };
  return {
    of: (thread) => {
      const { waitMs, made, earlyMs } = pace.of(thread);
      const edits = {
        waitMs: () => (isHurried ? 0 : waitMs()),
        made,
        earlyMs: (...given: Parameters<typeof earlyMs>) => (isHurried ? 0 : earlyMs(...given)),
      };
      return { ...shared, edits };
    },
    complain,
    publisher,
    hurry: () => {
      isHurried = true;
    },
  };
}

/** Said once, and left for the next start. */
function complaintOfPages({ outcome, log }: ReportOptions): (error: unknown) => void {
  const said = new Set<string>();
  return (error) => {
    const message = `cannot write the pages: ${messageOf(error)}; what is missing is written at the next start`;
    outcome.note(exitStatus.leftOver);
    // A disk that is full says so of each file.
    const kind = codeOf(error) ?? message;
    if (said.has(kind)) return;
    said.add(kind);
    log.warning(message);
  };
}

/** Each once for a key, on standard error and as an `error` record. */
function complaintOfPosts({ log, stamping }: ReportOptions, channel: Channel<object>): Desk['complain'] {
  const said = new Set<string>();
  return async (key, error, isForGood) => {
    if (said.has(`${key} ${error.message}`)) return;
    said.add(`${key} ${error.message}`);
    const hint = error instanceof Failure ? error.hint : undefined;
    const message = isForGood ? `${error.message}; given up` : error.message;
    log.error(message, hint);
    await channel.push(
      stamp({ type: 'error', key, message, ...(hint === undefined ? {} : { hint }) }, stamping),
    );
  };
}
