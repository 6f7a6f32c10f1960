import { makeCollector } from '@ccci/lib/pages/collect.ts';
import type { Channel } from '@ccci/lib/program/channel.ts';
import { bringThread } from './bring-thread.ts';
import { makeLookOver } from './look-over.ts';
import { makeDesks } from './make-desk.ts';
import { pause } from './pause.ts';
import { makeRepeated } from './repeated.ts';
import type { ReportOptions } from './report.ts';
import { makeRounds } from './rounds.ts';
import { tend } from './tend.ts';
import { openThreads } from './threads.ts';
import { makeTurns } from './turns.ts';

/** Where records go, and how everything ends when something is not a matter of one pull request. */
export type Plumbing = {
  readonly channel: Channel<object>;
  readonly fail: (error: unknown) => void;
  readonly failed: AbortSignal;
};

export type Work = ReturnType<typeof setUp>;

/** What a report works with, put together. */
export function setUp(options: ReportOptions, { channel, fail, failed }: Plumbing) {
  const threads = openThreads(options.state);
  const collector = makeCollector();
  const desks = makeDesks({ options, threads, channel, collector });
  const turns = makeTurns();
  const bringOne = (thread: string) =>
    bringThread(threads.files(thread), desks.of(thread), { options, channel });
  const rounds = makeRounds({
    bring: (thread) => turns(thread, () => bringOne(thread)),
    pause: options.pause ?? pause,
    fail,
    onRetry: options.counter?.retried,
  });
  const isKnown = (thread: string) => threads.files(thread).length > 0;
  const looking = { ...options, complain: desks.complain, now: options.stamping.now, turns, isKnown };
  const lookOver = makeRepeated(makeLookOver(looking), { ...options, fail });
  const queue = { hasChanged: false };
  return {
    options,
    channel,
    threads,
    collector,
    desks,
    rounds,
    lookOver,
    queue,
    look: async () => {
      for (const thread of await threads.look()) rounds.wake(thread);
    },
    tend: () => {
      const stopping = AbortSignal.any([
        failed,
        ...(options.stopping === undefined ? [] : [options.stopping]),
      ]);
      return tend({ threads, deskOf: desks.of, turns, wake: rounds.wake, stopping, log: options.log });
    },
    lookAtGoing: () => {
      for (const thread of rounds.going(queue.hasChanged)) rounds.wake(thread);
      queue.hasChanged = false;
      desks.publisher.changed();
    },
  };
}
