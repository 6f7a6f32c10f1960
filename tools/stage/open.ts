import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { loadConfig } from '@ccci/lib/config/load.ts';
import { endOfInput } from '@ccci/lib/program/ending.ts';
import type { Failure } from '@ccci/lib/program/failure.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import type { Incoming } from '@ccci/lib/records/decode.ts';
import { encodeLine, type Stamping, stamp } from '@ccci/lib/records/encode.ts';
import type { ErrorRecord } from '@ccci/lib/records/error.ts';
import { runTrigger } from '@ccci/lib/stages/run.ts';
import { prepareState, readOwner } from '@ccci/lib/state/layout.ts';
import { connectEngine } from '@ccci/lib/swarm/engine.ts';
import { readEnvironment } from './environment.ts';
import { readStageInput } from './input.ts';
import { notes } from './notes.ts';
import type { StageOptions } from './stage.ts';
import { type Ready, workOn } from './work.ts';

export type OpenStage = { readonly incoming: AsyncIterable<Incoming>; readonly options: StageOptions };

/** Everything that stage needs: configuration, state, its input, and an engine that is looked at when it is needed. */
export async function openStage(io: ProgramIo): Promise<OpenStage> {
  const bytes = inputOf(io);
  const config = await loadConfig({ section: 'stage', ...io });
  const { state, runs } = config;
  await prepareState(state);
  const stamping: Stamping = { by: io.by, now: () => new Date() };
  const forgeUrls = Object.values(config.forges).map((forge) => forge.url);
  const random = () => randomBytes(2).toString('hex');
  const ending = endOfInput(io);
  const errors = (failure: Failure, key: string) => errorRecord(failure, key, stamping);
  const shared = { state, runs, stamping, errorRecord: errors, ...notes(io) };
  const work = {
    ...shared,
    owner: await readOwner(state),
    domain: config.stage.domain,
    testsDir: resolve(io.cwd, config.testsDir),
    allowLocal: config.stage.allowLocal,
    forgeUrls,
    ready: keep(() => getReady(config.stage.dockerHost ?? io.env.DOCKER_HOST, io.by)),
    carryOut: runTrigger,
  };
  return {
    incoming: readStageInput(bytes, {
      stamping,
      complete: { now: stamping.now, random, cwd: io.cwd, forgeUrls, signal: ending },
      ending,
      errorRecord: errors,
      noteFailure: shared.noteFailure,
    }),
    options: {
      ...shared,
      slots: config.stage.slots,
      stopping: io.stopping,
      closed: io.output.closed,
      work: (trigger, own) => workOn(trigger, { ...work, ...own }),
    },
  };
}

/** Standard input, or the one trigger that `--recipe DIR` stands for. */
function inputOf(io: ProgramIo): AsyncIterable<Uint8Array> {
  const { recipe } = io.flags;
  if (typeof recipe !== 'string') return io.input();
  return oneLine({ type: 'trigger', repo: resolve(io.cwd, recipe), worktree: true });
}

async function* oneLine(record: object): AsyncGenerator<Uint8Array> {
  yield Buffer.from(encodeLine(record));
}

async function getReady(dockerHost: string | undefined, by: string): Promise<Ready> {
  const engine = connectEngine(dockerHost);
  return { engine, environment: await readEnvironment(engine, by) };
}

/** Asked until it is there, then kept: an engine that was away at one trigger may be back at the next. */
function keep<Value>(work: () => Promise<Value>): () => Promise<Value> {
  let asked: Promise<Value> | undefined;
  return () => {
    asked ??= work().catch((error) => {
      asked = undefined;
      throw error;
    });
    return asked;
  };
}

function errorRecord({ message, hint }: Failure, key: string, stamping: Stamping): ErrorRecord {
  const fields = { type: 'error' as const, key, message, ...(hint === undefined ? {} : { hint }) };
  return stamp(fields, stamping) as ErrorRecord;
}
