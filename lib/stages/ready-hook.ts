import { setTimeout as sleep } from 'node:timers/promises';
import { throwIfStopped } from '../program/stopped.ts';
import { milliseconds, type RunContext } from './context.ts';
import { recipeStatus } from './judge-hook.ts';
import type { StageOutcome } from './recorder.ts';
import { callHook, hasHook, hookProblem } from './run-hook.ts';

/** Between two calls, ms. */
const pauseMs = 500;

/**
 * Calls the hook `ready` until it ends with 0, for at most `timeouts.http`; anything else is a "not yet". Null when it is
 * ready, or there is no such hook. One that blames the recipe, or cannot be started, is not called again.
 */
export async function waitReady(context: RunContext): Promise<StageOutcome | null> {
  if (!hasHook(context, 'ready')) return null;
  const limitMs = milliseconds(context.settings.timeouts.http);
  const startedAt = performance.now();
  for (;;) {
    throwIfStopped(context.signal, 'waiting for the hook ready');
    const leftMs = limitMs - (performance.now() - startedAt);
    const hook = await callHook(context, 'ready', context.recorder.present(), {
      timeoutMs: Math.max(1_000, leftMs),
    });
    const ms = Math.round(performance.now() - startedAt);
    if (hook.ok) {
      await context.recorder.test({ name: 'hook ready ended with 0', status: 'pass', ms });
      return null;
    }
    const isOver = performance.now() - startedAt + pauseMs >= limitMs;
    const isLast = isOver || !hook.isStarted || hook.exitCode === recipeStatus;
    if (isLast) return await notReady(context, hook, ms);
    await sleep(pauseMs, undefined, { signal: context.signal }).catch(() => {});
  }
}

async function notReady(
  context: RunContext,
  hook: Awaited<ReturnType<typeof callHook>>,
  ms: number,
): Promise<StageOutcome | null> {
  const limit = `${context.settings.timeouts.http} s`;
  const summary = hook.exitCode === 1 ? `not ready within ${limit}: ${hook.summary}` : hook.summary;
  const status = hook.fault === 'recipe' ? 'fail' : 'unver';
  await context.recorder.test({ name: 'hook ready ended with 0', status, ms, message: summary });
  return hookProblem({ fault: hook.fault, summary });
}
