import { join } from 'node:path';
import { loadConfig } from '@ccci/lib/config/load.ts';
import { exitStatus } from '@ccci/lib/program/failure.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import type { RunFinished } from '@ccci/lib/records/run-finished.ts';
import { knownStatus } from '../pass-on.ts';
import { statusOf } from '../verdict.ts';
import { carryOut } from './carry-out.ts';
import { compare } from './earlier.ts';
import { whereToLook, writePage } from './ending.ts';
import { readWanted, stageFlags } from './wanted.ts';
import { makeWords } from './words.ts';
import { readWork, type Work } from './work.ts';

/** `ccci test`: ccci-stage and ccci-report put together for one recipe, and an exit status by the verdict. */
export async function runTest(io: ProgramIo): Promise<void> {
  const wanted = readWanted(io.flags);
  const config = await loadConfig({ section: 'stage', ...io });
  const target = typeof io.flags.target === 'string' ? io.flags.target : '.';
  const isAttached = io.flags.attach !== undefined;
  const around = { forges: config.forges, cwd: io.cwd, signal: io.stopping };
  const work = isAttached ? null : await readWork(target, wanted, around);
  if (work !== null) io.log.info(`testing ${work.says}`);
  sayStop(io);
  const finished = await follow(work, io);
  if (finished !== null) await sayEnd(finished, work, join(config.runs, finished.run_id), io);
  else if (io.outcome.status() === exitStatus.unavailable)
    io.log.info('nothing was tested; what this machine lacks is said by: ccci doctor');
}

/** Runs it and gives its results; null where there was nothing to run, which has been said. */
async function follow(work: Work | null, io: ProgramIo): Promise<RunFinished | null> {
  const found: { results: RunFinished | null } = { results: null };
  const words = makeWords(io.log, () => clearLine(io));
  const status = await carryOut(
    {
      line: work === null ? null : work.line,
      stageArgs: stageFlags(io.flags),
      onRecord: (record) => {
        words.record(record);
        if (record.type === 'run.finished') found.results = record as RunFinished;
        if (record.type === 'drop') io.outcome.note(exitStatus.badInput);
      },
      onWord: words.word,
    },
    io,
  );
  words.end();
  io.outcome.note(knownStatus(status));
  if (found.results !== null) io.outcome.note(statusOf(found.results.verdict));
  return found.results;
}

async function sayEnd(results: RunFinished, work: Work | null, dir: string, io: ProgramIo): Promise<void> {
  const page = await writePage(dir, { env: io.env, cwd: io.cwd, stopping: new AbortController().signal });
  await io.output.text(await whereToLook(dir, page, results));
  if (work?.earlier != null) await io.output.text(`\n${compare(work.earlier, results)}\n`);
}

/** Empties the line of a terminal that the live report has begun. */
function clearLine({ outputIsTerminal, progress }: ProgramIo): void {
  if (outputIsTerminal) progress('\r\u001b[K');
}

function sayStop(io: ProgramIo): void {
  const say = () => {
    // What a terminal shows of Ctrl-C goes with the line that the live report has begun.
    clearLine(io);
    io.log.info('stopping, and removing what was deployed; a second time ends at once');
  };
  io.stopping.addEventListener('abort', say, { once: true });
}
