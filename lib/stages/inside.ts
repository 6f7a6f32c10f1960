import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AppSocket, openAppSocket } from '../app/open.ts';
import type { AppStacks } from '../app/service.ts';
import type { GivenText } from '../testing/run-inside.ts';
import { milliseconds, type RunContext } from './context.ts';
import { dependenciesFile, type Reach, reachOf } from './reach.ts';
import { stageState } from './stage-state.ts';

/** What a test or hook is given besides its environment, as `runTestFile` and `runHook` take it. */
export type Inside = Reach & {
  readonly given: readonly GivenText[];
  readonly stateFile: string;
  readonly appSocket: string;
};

/**
 * Gives tests and hooks what they need of the run, the app socket for exactly as long as `work` takes. Each call of
 * `fresh` says how things are at that moment: a test sees what an earlier one of its stage did.
 */
export async function withInside<T>(
  context: RunContext,
  work: (fresh: () => Promise<Inside>) => Promise<T>,
): Promise<T> {
  const socket = await openSocket(context);
  try {
    return await work(() => describe(context, socket));
  } finally {
    await socket.close();
  }
}

async function describe(context: RunContext, socket: AppSocket): Promise<Inside> {
  const stateFile = join(context.directory.work, 'stage-state.json');
  await writeFile(stateFile, JSON.stringify(stageState(context, new Date())), { mode: 0o644 });
  const given = [dependenciesFile(context)];
  return { ...(await reachOf(context)), given, stateFile, appSocket: socket.file };
}

function openSocket(context: RunContext): Promise<AppSocket> {
  return openAppSocket({
    engine: context.engine,
    stacks: () => stacksOf(context),
    mask: context.masker.mask,
    dir: context.directory.work,
    timeoutMs: milliseconds(context.settings.timeouts.http),
    signal: context.signal,
  });
}

/** The run's own stacks; a dependency that several runs share is none of them. */
function stacksOf({ stack, scratch }: RunContext): AppStacks {
  const own = scratch.dependencies.filter((one) => one.isReady && !one.isShared);
  return { app: stack, deps: Object.fromEntries(own.map(({ name, context }) => [name, context.stack])) };
}
