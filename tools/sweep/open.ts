import { setTimeout as sleep } from 'node:timers/promises';
import { type LoadedConfig, loadConfig } from '@ccci/lib/config/load.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import { compactInstant } from '@ccci/lib/records/keys.ts';
import { readOutcomes } from '@ccci/lib/runs/outcomes.ts';
import { readWish } from './flags.ts';
import { connectForges } from './forges.ts';
import { makeProgress } from './progress.ts';
import { handInAll, openSpool } from './spool.ts';
import { sweep } from './sweep.ts';
import { judgeEnd, newTally, sayTally } from './tally.ts';

/** Binds the source to its process: flags, configuration, runs, clock, signals, standard output or spool, exit status. */
export async function runSweep(io: ProgramIo): Promise<void> {
  const { flags, stopping, output } = io;
  const wish = readWish(flags);
  const config = await loadConfig({ section: 'sweep', ...io });
  const signal = AbortSignal.any([stopping, output.closed]);
  const forges = await connectForges(config, signal);
  if (forges.length === 0) throw nothingEnrolled(config);
  const { log, show, clear } = makeProgress(io.errorIsTerminal ? io.progress : null, io.log);
  if (flags.spool !== undefined) await openSpool(config.state, log);
  const { of } = config.sweep;
  const tally = newTally(of);
  const records = sweep({
    ...wish,
    forges,
    of,
    outcomes: flags.all === true ? null : await readOutcomes(config.runs),
    day: dayOf(new Date(), flags.again === true),
    stamping: { by: io.by, now: () => new Date() },
    log,
    tally,
    signal,
    progress: show,
    wait: (ms) => sleep(ms, undefined, { signal }).catch(() => {}),
  });
  try {
    if (flags.spool === undefined) await output.records(records);
    else await handInAll(records, { state: config.state, log });
  } finally {
    clear();
  }
  // Who leaves has heard enough.
  if (output.closed.aborted) return;
  log.info(sayTally(tally));
  const { status, failure } = judgeEnd(tally);
  io.outcome.note(status);
  if (failure !== null) throw failure;
}

/** The part of the keys by which a thing is swept once a day; with the time of day it is another key. */
function dayOf(now: Date, again: boolean): string {
  const instant = compactInstant(now).toLowerCase().replace('z', '');
  return again ? instant : instant.slice(0, 8);
}

function nothingEnrolled({ from }: LoadedConfig): Failure {
  return new Failure(
    exitStatus.configuration,
    'nothing-enrolled',
    `${from ?? 'configuration'}: nothing is enrolled, so there is nothing to sweep`,
    {
      hint: 'name a forge with its organisations or repositories: forges.NAME.organisations; the file is given with --config',
    },
  );
}
