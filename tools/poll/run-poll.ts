import { setTimeout as sleep } from 'node:timers/promises';
import { type LoadedConfig, loadConfig } from '@ccci/lib/config/load.ts';
import { metered } from '@ccci/lib/metrics/metered.ts';
import { openMetrics } from '@ccci/lib/metrics/open.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import { readCursors } from '@ccci/lib/state/cursors.ts';
import { readEnrolled } from '@ccci/lib/state/enrolled.ts';
import { readTicks } from '@ccci/lib/state/ticks.ts';
import { countTick, makeCounter } from './count.ts';
import { openQueue } from './open-queue.ts';
import { poll } from './poll.ts';
import { connectSources } from './sources.ts';

/** Binds the source to its process: configuration, state, clock, signals, exit status. */
export async function runPoll(io: ProgramIo): Promise<void> {
  const config = await loadConfig({ section: 'poll', ...io });
  const signal = AbortSignal.any([io.stopping, io.output.closed]);
  const sources = await connectSources(config, signal, (message) => io.log.warning(message));
  if (sources.length === 0) throw nothingEnrolled(config);
  const isOnce = io.flags.once === true;
  const now = () => new Date();
  const metrics = openMetrics({
    program: 'poll',
    ...config.metrics,
    state: config.state,
    warn: io.log.warning,
  });
  const records = poll({
    sources,
    cursors: await readCursors(config.state),
    enrolled: await readEnrolled(config.state),
    ticks: await readTicks(config.state),
    readWork: openQueue(config.state, io.log),
    word: config.word,
    isOnce,
    intervalMs: config.poll.intervalMs,
    overlapMs: config.poll.overlapMs,
    stamping: { by: io.by, now },
    signal,
    log: io.log,
    random: Math.random,
    wait: (ms) => sleep(ms, undefined, { signal }).catch(() => {}),
    onTick: (tick) => {
      const { asked, answered, isComplete } = tick;
      countTick(tick, now(), metrics);
      if (!isOnce || isComplete) return;
      io.outcome.note(asked > 0 && answered === 0 ? exitStatus.unavailable : exitStatus.leftOver);
    },
  });
  await io.output.records(metered(records, metrics, makeCounter()));
  await metrics.update(() => {});
}

function nothingEnrolled({ from }: LoadedConfig): Failure {
  return new Failure(
    exitStatus.configuration,
    'nothing-enrolled',
    `${from ?? 'configuration'}: nothing is enrolled, so there is nothing to poll`,
    {
      hint: 'name a forge with its organisations or repositories: forges.NAME.organisations; the file is given with --config',
    },
  );
}
