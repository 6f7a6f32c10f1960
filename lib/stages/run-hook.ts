import { join } from 'node:path';
import { Failure } from '../program/failure.ts';
import type { StageName } from '../records/common.ts';
import { runHook } from '../testing/hook.ts';
import type { EngineAccess, GivenText } from '../testing/run-inside.ts';
import { milliseconds, type RunContext } from './context.ts';
import { withInside } from './inside.ts';
import { judgeHook } from './judge-hook.ts';
import type { StageOutcome } from './recorder.ts';
import { testEnvironment } from './run-tests.ts';
import { sayOutput } from './say-output.ts';

export type HookOutcome = {
  readonly ok: boolean;
  readonly summary: string;
  /** Whose fault it is that it did not end well; null where it did. */
  readonly fault: 'recipe' | 'ours' | null;
  readonly exitCode: number | null;
  /** Whether another call may end otherwise: it could be started. */
  readonly isStarted: boolean;
  /** Standard output alone. */
  readonly stdout: string;
};

export type HookCall = {
  /** Besides the stage. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly given?: readonly GivenText[];
  readonly stdin?: string;
  readonly timeoutMs?: number;
  /** Called before anything of its output is recorded: to have secrets in it masked. */
  readonly beforeOutput?: (stdout: string) => void;
};

/** Whether the operator's tree has this hook for the recipe. */
export function hasHook(context: RunContext, name: string): boolean {
  return context.discovery.plan.hooks.some((hook) => hook.name === name);
}

/** Runs a hook of the operator's tree; one that is not there is fine. */
export async function callHook(
  context: RunContext,
  name: string,
  stage: StageName,
  call: HookCall = {},
): Promise<HookOutcome> {
  const hook = context.discovery.plan.hooks.find((candidate) => candidate.name === name);
  const folder = context.discovery.testsFolder;
  if (hook === undefined || folder === null) {
    return { ok: true, summary: `no hook ${name}`, fault: null, exitCode: 0, isStarted: false, stdout: '' };
  }
  const timeoutMs = call.timeoutMs ?? milliseconds(context.settings.timeouts.http);
  try {
    const ending = await withInside(context, async (fresh) => {
      const inside = await fresh();
      return runHook({
        file: join(folder, hook.file),
        args: [stage, ...(call.args ?? [])],
        ...(call.stdin === undefined ? {} : { stdin: call.stdin }),
        env: { ...testEnvironment(context, stage), ...call.env },
        cwd: folder,
        ...inside,
        given: [...inside.given, ...(call.given ?? [])],
        ...(context.settings.hooks.engine ? { engine: engineAccess(context) } : {}),
        timeoutMs,
        signal: context.signal,
      });
    });
    const { exitCode, timedOut, output, stdout } = ending;
    call.beforeOutput?.(stdout);
    await sayOutput(context, hook.file, output);
    const lastLine = context.masker.mask(output.trimEnd().split('\n').at(-1) ?? '');
    const judged = judgeHook({ name, exitCode, timedOut, timeoutMs, lastLine });
    return { ...judged, exitCode, isStarted: exitCode !== 126 && exitCode !== 127, stdout };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'no-sandbox') throw error;
    const hint = error.hint === undefined ? '' : ` (${error.hint})`;
    const summary = `${error.message}${hint}`;
    return { ok: false, summary, fault: 'ours', exitCode: null, isStarted: false, stdout: '' };
  }
}

/** What a hook that did not end well makes of its stage: only what says so itself is the recipe's failure. */
export function hookProblem({ fault, summary }: Pick<HookOutcome, 'fault' | 'summary'>): StageOutcome | null {
  if (fault === null) return null;
  return fault === 'recipe' ? { status: 'fail', cause: 'recipe', summary } : { status: 'unver', summary };
}

/** Calls a hook for what it does to its stage; null when all is well. */
export async function hookOutcome(
  context: RunContext,
  name: string,
  stage: StageName,
): Promise<StageOutcome | null> {
  return hookProblem(await callHook(context, name, stage));
}

function engineAccess({ engine }: RunContext): EngineAccess {
  const socket = /^unix:\/\/(.+)$/.exec(engine.host)?.[1] ?? null;
  return { host: engine.host, socket };
}
