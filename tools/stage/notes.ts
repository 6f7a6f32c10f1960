import { exitStatus, type Failure, messageOf } from '@ccci/lib/program/failure.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import type { RunEnd } from '@ccci/lib/stages/run.ts';
import type { WorkOptions } from './work.ts';

type Io = Pick<ProgramIo, 'log' | 'outcome' | 'flags'>;

export type Notes = Pick<
  WorkOptions,
  'noteTrouble' | 'noteFailure' | 'noteBad' | 'noteBug' | 'noteEnd' | 'say'
>;

/** What goes to standard error and into the exit status. */
export function notes(io: Io): Notes {
  return {
    noteTrouble: (failure: Failure) => io.log.error(failure.message, failure.hint),
    noteFailure: (failure: Failure) => {
      io.log.error(failure.message, failure.hint);
      io.outcome.note(failure.status);
    },
    noteBad: (record) => {
      io.log.error(record.message, record.hint);
      io.outcome.note(exitStatus.badInput);
    },
    noteBug: (error) => {
      io.log.error(
        `this is a bug: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`,
      );
      io.outcome.note(exitStatus.bug);
    },
    noteEnd: (end) => noteEnd(end, io),
    say: io.log.info,
  };
}

function noteEnd(end: RunEnd, io: Io): void {
  if (end.kind !== 'finished') return;
  const { run_id, recipe, verdict, level } = end.results;
  const says = level !== null && (verdict === 'green' || verdict === 'red') ? `, level ${level}` : '';
  io.log.info(`${run_id} ${recipe}: ${verdict}${says}`);
  if (io.flags.fail === true && verdict !== 'green') io.outcome.note(exitStatus.red);
  for (const bug of end.bugs) {
    io.log.error(`this is a bug: ${bug.stack ?? bug.message}`);
    io.outcome.note(exitStatus.bug);
  }
}
