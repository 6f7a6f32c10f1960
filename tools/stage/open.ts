import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LoadedConfig, loadConfig } from '@ccci/lib/config/load.ts';
import { type Metrics, openMetrics } from '@ccci/lib/metrics/open.ts';
import { drawResults } from '@ccci/lib/pictures/draw-results.ts';
import { endOfInput } from '@ccci/lib/program/ending.ts';
import type { Failure } from '@ccci/lib/program/failure.ts';
import { keepMemorySmall } from '@ccci/lib/program/memory.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import type { Incoming } from '@ccci/lib/records/decode.ts';
import { encodeLine, type Stamping, stamp } from '@ccci/lib/records/encode.ts';
import type { ErrorRecord } from '@ccci/lib/records/error.ts';
import { checkRoom } from '@ccci/lib/runs/pressure.ts';
import { previewTrigger } from '@ccci/lib/stages/preview.ts';
import { runTrigger } from '@ccci/lib/stages/run.ts';
import { prepareState, readOwner, statePaths } from '@ccci/lib/state/layout.ts';
import { lockPatiently } from '@ccci/lib/state/lock.ts';
import { listQueue } from '@ccci/lib/state/queue.ts';
import { takeOver } from '@ccci/lib/state/take-over.ts';
import { checkClient, checkEngine } from '@ccci/lib/swarm/check.ts';
import { localDataRoot } from '@ccci/lib/swarm/data-root.ts';
import { connectEngine } from '@ccci/lib/swarm/engine.ts';
import { readEnvironment } from './environment.ts';
import { readIngress } from './ingress.ts';
import { readStageInput } from './input.ts';
import { removeLeftovers } from './leftovers.ts';
import { notes } from './notes.ts';
import { previewOne } from './preview-one.ts';
import { workQueued } from './queued.ts';
import type { Scheduler } from './scheduler.ts';
import type { StageOptions } from './stage.ts';
import { watchQueue } from './watch.ts';
import { askedStages, checkFlags } from './wishes.ts';
import { type EngineSide, type Ready, type WorkOptions, workHere } from './work.ts';

export type OpenStage = {
  readonly incoming: AsyncIterable<Incoming>;
  readonly options: StageOptions;
  /** How work is done that is no stream: attaching. */
  readonly work: Omit<WorkOptions, 'signal' | 'emit'>;
  readonly metrics: Metrics;
};

/**
 * Everything that stage needs: configuration, state, its input or its spool, and an engine that is looked at when it
 * is needed. `engineSide` is what touches the engine, for proofs without one.
 */
export async function openStage(io: ProgramIo, engineSide: Partial<EngineSide> = {}): Promise<OpenStage> {
  keepMemorySmall();
  checkFlags(io.flags);
  const isSpool = io.flags.spool !== undefined;
  const bytes = inputOf(io, isSpool);
  const config = await loadConfig({ section: 'stage', ...io });
  const { state, runs } = config;
  await prepareState(state);
  await takeOver(state);
  const stamping: Stamping = { by: io.by, now: () => new Date() };
  const forgeUrls = Object.values(config.forges).map((forge) => forge.url);
  const random = () => randomBytes(2).toString('hex');
  const ending = endOfInput(io);
  const errors = (failure: Failure, key: string) => errorRecord(failure, key, stamping);
  const ready = keep(() => getReady(config.stage.dockerHost ?? io.env.DOCKER_HOST, io.by));
  const shared = { state, runs, stamping, errorRecord: errors, ...notes(io) };
  const work = {
    ...shared,
    owner: await readOwner(state),
    domain: config.stage.domain,
    ingress: readIngress(config.stage, io.cwd),
    dependencies: config.stage.dependencies,
    quotaMb: config.stage.quotaMb,
    keptHours: io.flags.keep === true ? config.janitor.keptHours : undefined,
    screenshotMs: config.stage.screenshots ? config.stage.screenshotMs : undefined,
    draw: config.stage.card ? drawResults : undefined,
    testsDir: resolve(io.cwd, config.testsDir),
    allowLocal: config.stage.allowLocal,
    forgeUrls,
    limits: config.stage.limits,
    stores: { folder: statePaths(state).git, lock: lockPatiently },
    ...{ ready, checkRoom: () => look(ready, config), carryOut: runTrigger, preview: previewTrigger },
    ...{ removeLeftovers, ...engineSide },
  };
  // Where work waits, engine and client are asked while the queue is looked at. Where none does they are not needed.
  if (isSpool && (await listQueue(state, 'new')).length > 0) void work.ready().catch(() => {});
  return {
    work,
    metrics: openMetrics({ program: 'stage', ...config.metrics, state, warn: io.log.warning }),
    incoming: readStageInput(bytes, {
      stamping,
      complete: { now: stamping.now, random, cwd: io.cwd, forgeUrls, signal: ending },
      ending,
      errorRecord: errors,
      noteFailure: shared.noteFailure,
    }),
    options: {
      ...shared,
      ready: work.ready,
      checkRoom: work.checkRoom,
      slots: config.stage.slots,
      isSpool,
      stopping: io.stopping,
      closed: io.output.closed,
      watch: watchQueue(state),
      ending: (scheduler) => stoppedOrIdle(scheduler, { ...io, idleMs: config.stage.idleMs }),
      preview: (trigger, signal) => previewOne(trigger, signal, work),
      workHere: (trigger, own) => workHere(trigger, { ...work, ...own }),
      workQueued: (claimed, own) => {
        if (work.keptHours !== undefined) io.log.warning(`${claimed.trigger.key} was queued: it is not kept`);
        return workQueued(claimed, { ...work, ...own });
      },
    },
  };
}

/** Standard input, the one trigger that `--recipe DIR` stands for, or, on a spool, nothing. */
function inputOf(io: ProgramIo, isSpool: boolean): AsyncIterable<Uint8Array> {
  const { recipe, attach } = io.flags;
  if (isSpool || attach !== undefined) return Readable.from([]);
  if (typeof recipe !== 'string') return io.input();
  const options = askedStages(io.flags);
  return oneLine({ type: 'trigger', repo: resolve(io.cwd, recipe), worktree: true, options });
}

/** On a spool the program ends with the first signal, or when nothing was to be run for a while. */
async function stoppedOrIdle(
  scheduler: Scheduler,
  { stopping, idleMs }: Pick<ProgramIo, 'stopping'> & { readonly idleMs: number | undefined },
): Promise<void> {
  if (stopping.aborted) return;
  if (idleMs === undefined) {
    await once(stopping, 'abort');
    return;
  }
  for (let begun = -1; begun !== scheduler.begun() && !stopping.aborted; ) {
    await scheduler.atRest();
    begun = scheduler.begun();
    await sleep(idleMs, undefined, { signal: stopping }).catch(() => {});
  }
}

async function* oneLine(record: object): AsyncGenerator<Uint8Array> {
  yield Buffer.from(encodeLine(record));
}

async function getReady(dockerHost: string | undefined, by: string): Promise<Ready> {
  const engine = connectEngine(dockerHost);
  const [version, client] = await Promise.all([checkEngine(engine), checkClient(process.env)]);
  return { engine, environment: keep(() => readEnvironment(by, { engine: version, client })) };
}

/** Whether there is room for a run, where runs lie and, as far as it can be seen from here, where the engine does. */
async function look(ready: () => Promise<Ready>, { runs, stage }: LoadedConfig): Promise<void> {
  const { engine } = await ready();
  await checkRoom({ runs, dataRoot: await localDataRoot(engine) }, stage);
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
