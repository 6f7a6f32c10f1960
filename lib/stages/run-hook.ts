import { join } from 'node:path';
import type { StageName } from '../records/common.ts';
import { runHook } from '../testing/hook.ts';
import { milliseconds, type RunContext } from './context.ts';
import { withInside } from './inside.ts';
import { testEnvironment } from './run-tests.ts';

export type HookOutcome = { readonly ok: boolean; readonly summary: string };

/** Whether the operator's tree has this hook for the recipe. */
export function hasHook(context: RunContext, name: string): boolean {
  return context.discovery.plan.hooks.some((hook) => hook.name === name);
}

/** Runs a hook of the operator's tree; one that is not there is fine. */
export async function callHook(context: RunContext, name: string, stage: StageName): Promise<HookOutcome> {
  const hook = context.discovery.plan.hooks.find((candidate) => candidate.name === name);
  const folder = context.discovery.testsFolder;
  if (hook === undefined || folder === null) return { ok: true, summary: `no hook ${name}` };
  const { exitCode, output } = await withInside(context, async (fresh) =>
    runHook({
      file: join(folder, hook.file),
      args: [stage],
      env: testEnvironment(context, stage),
      cwd: folder,
      ...(await fresh()),
      timeoutMs: milliseconds(context.settings.timeouts.http),
      signal: context.signal,
    }),
  );
  for (const line of output.split('\n').filter((text) => text !== ''))
    await context.recorder.say(hook.file, line);
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  return { ok: exitCode === 0, summary: `hook ${name} ended with ${exitCode}: "${last}"` };
}
