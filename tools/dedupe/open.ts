import { randomBytes } from 'node:crypto';
import { loadConfig } from '@ccci/lib/config/load.ts';
import { openMetrics } from '@ccci/lib/metrics/open.ts';
import { endOfInput } from '@ccci/lib/program/ending.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import { makePlaces } from '@ccci/lib/runs/place.ts';
import { realDisk } from '@ccci/lib/state/files.ts';
import { prepareState } from '@ccci/lib/state/layout.ts';
import { lockProgram } from '@ccci/lib/state/only-one.ts';
import { takeOver } from '@ccci/lib/state/take-over.ts';
import { makeQueueCounter } from './count.ts';
import { dedupe, type ReadInput } from './dedupe.ts';
import { watchInbox, withInbox } from './inbox.ts';
import { readRecords } from './input.ts';

/** Runs the filter with all that it needs: configuration, state, its lock, its inbox, and the end of its input. */
export async function runDedupe(io: ProgramIo): Promise<void> {
  const bytes = io.input();
  const { state, runs, dedupe: limits, stage, metrics } = await loadConfig({ section: 'dedupe', ...io });
  await prepareState(state);
  const lock = await lockProgram(state, 'dedupe');
  await takeOver(state);
  const stamping = { by: io.by, now: () => new Date() };
  const fill = { now: stamping.now, random: () => randomBytes(2).toString('hex'), cwd: io.cwd };
  const open: ReadInput = (isSettled) => {
    const read = (input: AsyncIterable<Uint8Array>) => readRecords(input, { ...stamping, fill, isSettled });
    return withInbox(read(bytes), { state, disk: realDisk, read, watch: watchInbox(state) });
  };
  const written = openMetrics({ program: 'dedupe', ...metrics, state, warn: io.log.warning });
  const options = {
    state,
    runs,
    isSpool: io.flags.spool !== undefined,
    limits,
    stamping,
    log: io.log,
    outcome: io.outcome,
    ending: endOfInput(io),
    counter: makeQueueCounter(state, written, () => performance.now()),
    placeOf: makePlaces({ state, runs, slots: stage.slots }).of,
  };
  try {
    await io.output.batches(dedupe(open, options));
  } finally {
    lock.release();
  }
}
