import { randomBytes } from 'node:crypto';
import { loadConfig } from '@ccci/lib/config/load.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import type { Incoming } from '@ccci/lib/records/decode.ts';
import { prepareState, statePaths } from '@ccci/lib/state/layout.ts';
import { type Lock, lockFile } from '@ccci/lib/state/lock.ts';
import type { DedupeOptions } from './dedupe.ts';
import { readRecords } from './input.ts';

export type OpenDedupe = {
  readonly incoming: AsyncIterable<Incoming>;
  readonly options: DedupeOptions;
  readonly release: () => void;
};

/** How long input may last after the first signal, in ms (records.md, rule 5). */
const lastWordsMs = 30_000;

/** Everything that dedupe needs: configuration, state, its lock, and the end of its input. */
export async function openDedupe(io: ProgramIo): Promise<OpenDedupe> {
  const bytes = io.input();
  const { state, runs } = await loadConfig({ section: 'dedupe', ...io });
  await prepareState(state);
  const lock = await onlyOne(state);
  const stamping = { by: io.by, now: () => new Date() };
  const fill = { now: stamping.now, random: () => randomBytes(2).toString('hex'), cwd: io.cwd };
  return {
    incoming: readRecords(bytes, { ...stamping, fill }),
    options: { state, runs, stamping, log: io.log, outcome: io.outcome, ending: endOf(io) },
    release: lock.release,
  };
}

async function onlyOne(state: string): Promise<Lock> {
  const path = statePaths(state).lock('dedupe');
  const lock = await lockFile(path);
  if (lock !== null) return lock;
  throw new Failure(exitStatus.leftOver, 'already-running', `another ccci-dedupe is at work on ${state}`, {
    hint: `one per state directory: end it, or use another --state; ${path} is its lock`,
  });
}

/** Ends the reading when nobody listens any more, or a while after the first signal. */
function endOf({ output, stopping }: ProgramIo): AbortSignal {
  const ending = new AbortController();
  const end = () => ending.abort();
  if (output.closed.aborted) end();
  output.closed.addEventListener('abort', end, { once: true });
  stopping.addEventListener('abort', () => setTimeout(end, lastWordsMs).unref(), { once: true });
  return ending.signal;
}
