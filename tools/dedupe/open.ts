import { randomBytes } from 'node:crypto';
import { loadConfig } from '@ccci/lib/config/load.ts';
import { endOfInput } from '@ccci/lib/program/ending.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import { realDisk } from '@ccci/lib/state/files.ts';
import { prepareState } from '@ccci/lib/state/layout.ts';
import { lockProgram } from '@ccci/lib/state/only-one.ts';
import type { DedupeOptions } from './dedupe.ts';
import { type Item, watchInbox, withInbox } from './inbox.ts';
import { readRecords } from './input.ts';

export type OpenDedupe = {
  readonly incoming: AsyncIterable<Item>;
  readonly options: DedupeOptions;
  readonly release: () => void;
};

/** Everything that dedupe needs: configuration, state, its lock, its inbox, and the end of its input. */
export async function openDedupe(io: ProgramIo): Promise<OpenDedupe> {
  const bytes = io.input();
  const { state, runs, dedupe: limits } = await loadConfig({ section: 'dedupe', ...io });
  await prepareState(state);
  const lock = await lockProgram(state, 'dedupe');
  const stamping = { by: io.by, now: () => new Date() };
  const fill = { now: stamping.now, random: () => randomBytes(2).toString('hex'), cwd: io.cwd };
  const read = (input: AsyncIterable<Uint8Array>) => readRecords(input, { ...stamping, fill });
  return {
    incoming: withInbox(read(bytes), { state, disk: realDisk, read, watch: watchInbox(state) }),
    options: {
      state,
      runs,
      isSpool: io.flags.spool !== undefined,
      limits,
      stamping,
      log: io.log,
      outcome: io.outcome,
      ending: endOfInput(io),
    },
    release: lock.release,
  };
}
