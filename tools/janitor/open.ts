import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LoadedConfig, loadConfig } from '@ccci/lib/config/load.ts';
import { openMetrics } from '@ccci/lib/metrics/open.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { Flags } from '@ccci/lib/program/flags.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import { readOwner, statePaths } from '@ccci/lib/state/layout.ts';
import type { Lock } from '@ccci/lib/state/lock.ts';
import { lockProgram } from '@ccci/lib/state/only-one.ts';
import { checkEngine } from '@ccci/lib/swarm/check.ts';
import { connectEngine, type Engine } from '@ccci/lib/swarm/engine.ts';
import { makeTally, type Tally, writeTally } from './count.ts';
import { type JanitorOptions, janitor } from './janitor.ts';
import { makeSayer } from './say.ts';

/** Binds the janitor to its process: flags, configuration, state, engine, clock, standard output, exit status. */
export async function runJanitor(io: ProgramIo): Promise<void> {
  const { flags, log, outcome } = io;
  const config = await loadConfig({ section: 'janitor', ...io });
  const { state, runs } = config;
  const isDry = flags['dry-run'] === true;
  if (!existsSync(statePaths(state).id)) {
    log.info(`${state} is no state directory: there is nothing to do`);
    return;
  }
  const lock = isDry ? null : await lockProgram(state, 'janitor');
  try {
    const { engine, failure } = await openEngine(config, io);
    if (failure !== null) {
      log.error(failure.message, failure.hint);
      outcome.note(failure.status);
    }
    const options: JanitorOptions = {
      state,
      runs,
      engine,
      owner: await readOwner(state),
      domain: config.stage.domain,
      withShared: flags.shared === true,
      ...config.janitor,
      quotaMb: quotaOf(flags.quota) ?? config.janitor.quotaMb ?? null,
      only: typeof flags.run === 'string' ? flags.run : null,
      isDry,
      now: () => new Date(),
      wait: (ms) => sleep(ms),
      warn: log.warning,
      stopping: io.stopping,
      say: makeSayer({ by: io.by, now: () => new Date() }, isDry),
    };
    const metrics = openMetrics({ program: 'janitor', ...config.metrics, state, warn: log.warning });
    const tally = makeTally();
    await io.output.records(counted(janitor(options), { isDry, tally }, io));
    if (!isDry && options.only === null) await writeTally(tally, options, metrics);
  } finally {
    release(lock);
  }
}

/** Null, and why, where there is no engine that could be asked: what lies on the disk is seen to all the same. */
async function openEngine(
  { janitor: { dockerHost }, stage }: LoadedConfig,
  { env }: ProgramIo,
): Promise<{ readonly engine: Engine | null; readonly failure: Failure | null }> {
  try {
    const engine = connectEngine(dockerHost ?? stage.dockerHost ?? env.DOCKER_HOST);
    await checkEngine(engine);
    return { engine, failure: null };
  } catch (error) {
    if (error instanceof Failure) return { engine: null, failure: error };
    throw error;
  }
}

/** What is left is said in words too, and makes the exit status 75. */
async function* counted(
  records: ReturnType<typeof janitor>,
  { isDry, tally }: { readonly isDry: boolean; readonly tally: Tally },
  { log, outcome }: ProgramIo,
): AsyncGenerator<object> {
  for await (const record of records) {
    tally[record.did] += 1;
    if (record.did === 'left') {
      log.error(`left: ${record.what}: ${record.why}`);
      outcome.note(exitStatus.leftOver);
    }
    yield record;
  }
  const done = tally.removed + tally.requeued + tally.finished + tally.opened;
  if (done > 0) log.info(`${done} ${isDry ? 'to be done' : 'done'}, ${tally.left} left`);
}

const unitsMb: Readonly<Record<string, number>> = { K: 1 / 1024, M: 1, G: 1024, T: 1024 ** 2 };

/** `20G` in MiB; undefined where nothing was asked for. `Failure` 64 for anything that is no size. */
function quotaOf(size: Flags[string]): number | undefined {
  if (size === undefined) return undefined;
  const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?)([KMGT])i?B?$/i.exec(String(size)) ?? [];
  const sizeMb = Number(count) * (unitsMb[unit.toUpperCase()] ?? 0);
  if (sizeMb > 0) return sizeMb;
  const message = `--quota is ${JSON.stringify(size)}; expected a size such as 20G or 500M`;
  throw new Failure(exitStatus.usage, 'bad-value', message);
}

function release(lock: Lock | null): void {
  lock?.release();
}
