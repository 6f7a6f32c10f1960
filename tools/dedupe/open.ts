import { randomBytes } from 'node:crypto';
import { loadConfig } from '@ccci/lib/config/load.ts';
import { endOfInput } from '@ccci/lib/program/ending.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import { prepareState } from '@ccci/lib/state/layout.ts';
import { lockProgram } from '@ccci/lib/state/only-one.ts';
import type { DedupeOptions, ReadInput } from './dedupe.ts';
import { readRecords } from './input.ts';

export type OpenDedupe = {
  readonly read: ReadInput;
  readonly options: DedupeOptions;
  readonly release: () => void;
};

/** Everything that dedupe needs: configuration, state, its lock, and the end of its input. */
export async function openDedupe(io: ProgramIo): Promise<OpenDedupe> {
  const bytes = io.input();
  const { state, runs } = await loadConfig({ section: 'dedupe', ...io });
  await prepareState(state);
  const lock = await lockProgram(state, 'dedupe');
  const stamping = { by: io.by, now: () => new Date() };
  const fill = { now: stamping.now, random: () => randomBytes(2).toString('hex'), cwd: io.cwd };
  return {
    read: (isSettled) => readRecords(bytes, { ...stamping, fill, isSettled }),
    options: { state, runs, stamping, log: io.log, outcome: io.outcome, ending: endOfInput(io) },
    release: lock.release,
  };
}
