import { setTimeout as pause } from 'node:timers/promises';
import type { BackupSpec } from '../recipe/backup-labels.ts';
import { type Engine, EngineError } from '../swarm/engine.ts';
import { execInContainer } from '../swarm/exec.ts';
import { serviceContainers } from '../swarm/tasks.ts';

export type BackupHook = BackupSpec['hooks'][number];

/** One hook that ran, or could not. */
export type HookResult = {
  readonly service: string;
  readonly when: BackupHook['when'];
  readonly command: string;
  readonly exitCode: number;
  /** What it printed, both streams; the end of it, where it is much. */
  readonly output: string;
  /** Why it was cut short, in words; null when it came to its own end. */
  readonly broken: string | null;
};

export type HookOptions = {
  readonly engine: Engine;
  readonly stack: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly onLine?: ((service: string, line: string) => void) | undefined;
};

/** Of each stream of a hook's output. */
const tailBytes = 64 * 1024;
const shownLines = 200;
/** Exit status of what SIGKILL ended. */
const killed = 137;
const endingLooks = 20;
const betweenMs = 100;

/** Runs hooks one after the other, in their order, and stops behind the first that fails. */
export async function runHooks(hooks: readonly BackupHook[], options: HookOptions): Promise<HookResult[]> {
  const results: HookResult[] = [];
  for (const hook of hooks) {
    const result = await runHook(hook, options);
    results.push(result);
    if (result.exitCode !== 0) break;
  }
  return results;
}

/** The hooks of one moment. */
export function hooksAt(spec: BackupSpec, when: BackupHook['when']): BackupHook[] {
  return spec.hooks.filter((hook) => hook.when === when);
}

/** Why hooks did not succeed, in words; null when they did. Pure. */
export function hookFailure(results: readonly HookResult[]): string | null {
  const failed = results.find(({ exitCode }) => exitCode !== 0);
  if (failed === undefined) return null;
  const { when, service, command, exitCode, output, broken } = failed;
  const lastLine = output.trim().split('\n').at(-1) ?? '';
  const why = [broken ?? `exit ${exitCode}`, ...(lastLine === '' ? [] : [`"${cut(lastLine, 300)}"`])];
  return `the ${when}-hook of ${service} failed (${why.join(': ')}); it runs: ${cut(command.replaceAll('\n', ' '), 120)}`;
}

async function runHook(
  hook: BackupHook,
  { engine, stack, signal, timeoutMs, onLine }: HookOptions,
): Promise<HookResult> {
  const [task] = await serviceContainers(engine, stack, hook.service);
  if (task === undefined) return { ...hook, exitCode: 1, output: '', broken: 'no task of this service runs' };
  const run = (shell: string) =>
    execInContainer(engine, task.container, [shell, '-c', withPipefail(hook.command)], {
      timeoutMs,
      signal,
      tailBytes,
    });
  let result = await run('bash');
  if (isNotFound(result)) result = await run('sh');
  const { exitCode, stdout, stderr, isTimedOut } = result;
  const output = `${stdout}${stderr}`;
  tell(output, (line) => onLine?.(hook.service, line));
  if (isTimedOut)
    return { ...hook, exitCode, output, broken: `it was not done within ${timeoutMs / 1000} s` };
  const hasEnded = exitCode !== 0 && (await hasContainerEnded(engine, task.container, { exitCode, signal }));
  return { ...hook, exitCode, output, broken: hasEnded ? 'its container ended meanwhile' : null };
}

/** The last lines only: what is shown of a hook is kept small, whatever it prints. */
function tell(output: string, onLine: (line: string) => void): void {
  const lines = output.split('\n').filter((line) => line !== '');
  const left = Math.max(0, lines.length - shownLines);
  if (left > 0) onLine(`… ${left} lines before are left out`);
  for (const line of lines.slice(left)) onLine(line);
}

/** A container that is about to end has killed the hook before the engine knows of its own end. */
async function hasContainerEnded(
  engine: Engine,
  container: string,
  { exitCode, signal }: { readonly exitCode: number; readonly signal: AbortSignal },
): Promise<boolean> {
  const looks = exitCode === killed ? endingLooks : 1;
  for (let look = 1; ; look += 1) {
    if (!(await isRunning(engine, container))) return true;
    if (look === looks) return false;
    await pause(betweenMs, undefined, { signal });
  }
}

function isRunning(engine: Engine, container: string): Promise<boolean> {
  return engine.json<{ State: { Running: boolean } }>('GET', `/containers/${container}/json`).then(
    ({ State }) => State.Running,
    (error: unknown) => {
      if (error instanceof EngineError && error.httpStatus === 404) return false;
      throw error;
    },
  );
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/**
 * A failure anywhere in a pipe must count, or a dump that broke off is a success (L40). A shell that cannot
 * (dash) would end at `set`, so it is asked in a subshell first. The bot's own wrappings are taken off.
 */
export function withPipefail(command: string): string {
  const wrapped = /^(?:bash|sh) -c (['"])(.*)\1$/s.exec(command.trim());
  return `if (set -o pipefail) 2>/dev/null; then set -o pipefail; fi; ${wrapped?.[2] ?? command}`;
}

function isNotFound({
  exitCode,
  stdout,
  stderr,
}: {
  exitCode: number;
  stdout: string;
  stderr: string;
}): boolean {
  return (
    (exitCode === 126 || exitCode === 127) &&
    /executable file not found|no such file or directory/.test(`${stdout}${stderr}`)
  );
}
