import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ChildOptions, startProgram } from '@ccci/lib/program/child.ts';
import { codeOf } from '@ccci/lib/program/failure.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import { splitLines } from '@ccci/lib/records/lines.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { needTool } from '../programs.ts';

export type CarryOut = {
  /** The one trigger; null where ccci-stage knows by its flags what to do. */
  readonly line: object | null;
  readonly stageArgs: readonly string[];
  /** Each record, when it has been shown. */
  readonly onRecord: (record: AnyRecord) => void;
  /** Each line that ccci-stage says to people, as JSON. */
  readonly onWord: (line: string) => void;
};

type Io = Pick<ProgramIo, 'env' | 'cwd' | 'stopping'>;

/** Runs `ccci-stage | ccci-report --format text` and looks on; gives the exit status of ccci-stage. */
export async function carryOut({ line, stageArgs, onRecord, onWord }: CarryOut, io: Io): Promise<number> {
  const [stageFile, reportFile] = await Promise.all(
    ['stage', 'report'].map((tool) => needTool(tool, io.env.PATH)),
  );
  const common = { env: io.env, cwd: io.cwd };
  const args = [...stageArgs, '--log-format', 'json'];
  const stdio: ChildOptions['stdio'] = [line === null ? 'ignore' : 'pipe', 'pipe', 'pipe'];
  const stage = startProgram(stageFile as string, args, { ...common, stdio, stopping: io.stopping });
  // The end of its input ends it: a signal would make it wait for last words that stage has to say first.
  const never = new AbortController().signal;
  const report = startProgram(reportFile as string, ['--format', 'text'], {
    ...common,
    stdio: ['pipe', 'inherit', 'inherit'],
    stopping: never,
  });
  const shown = report.process.stdin as Writable;
  shown.on('error', () => {});
  stage.process.stdin?.on('error', () => {});
  stage.process.stdin?.end(`${JSON.stringify(line)}\n`);
  const words = readWords(stage.process.stderr as Readable, onWord);
  const records = pipeline(look(stage.process.stdout as Readable, onRecord), shown, { end: true });
  const [status] = await Promise.all([stage.ended, words, records.catch(ignoreClosed), report.ended]);
  return status;
}

async function* look(output: Readable, onRecord: (record: AnyRecord) => void): AsyncGenerator<Buffer> {
  for await (const line of splitLines(output)) {
    if (!line.ok) continue;
    yield Buffer.from(`${line.bytes.toString('utf8')}\n`);
    const record = readRecord(line.bytes.toString('utf8'));
    if (record !== null) onRecord(record);
  }
}

async function readWords(errors: Readable, onWord: (line: string) => void): Promise<void> {
  for await (const line of splitLines(errors)) if (line.ok) onWord(line.bytes.toString('utf8'));
}

function readRecord(text: string): AnyRecord | null {
  try {
    return JSON.parse(text) as AnyRecord;
  } catch {
    return null;
  }
}

/** A reader that left: nothing is shown any more, and the run is torn down. */
function ignoreClosed(error: unknown): void {
  if (codeOf(error) !== 'EPIPE' && codeOf(error) !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}
