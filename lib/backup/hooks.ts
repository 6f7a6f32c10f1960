import type { BackupSpec } from '../recipe/backup-labels.ts';
import type { Engine } from '../swarm/engine.ts';
import { execInContainer } from '../swarm/exec.ts';
import { serviceContainers } from '../swarm/tasks.ts';

export type BackupHook = BackupSpec['hooks'][number];

/** One hook that ran, or could not. */
export type HookResult = {
  readonly service: string;
  readonly when: BackupHook['when'];
  readonly command: string;
  readonly exitCode: number;
  /** What it printed, both streams. */
  readonly output: string;
};

export type HookOptions = {
  readonly engine: Engine;
  readonly stack: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly onLine?: ((service: string, line: string) => void) | undefined;
};

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
  const lastLine = failed.output.trim().split('\n').at(-1) ?? '';
  return `the ${failed.when}-hook of ${failed.service} failed (exit ${failed.exitCode}${lastLine === '' ? '' : `: "${lastLine.slice(0, 300)}"`})`;
}

async function runHook(
  hook: BackupHook,
  { engine, stack, signal, timeoutMs, onLine }: HookOptions,
): Promise<HookResult> {
  const [task] = await serviceContainers(engine, stack, hook.service);
  if (task === undefined) return { ...hook, exitCode: 1, output: 'no task of this service runs' };
  const run = (shell: string) =>
    execInContainer(engine, task.container, [shell, '-c', withPipefail(hook.command)], { timeoutMs, signal });
  let result = await run('bash');
  if (isNotFound(result)) result = await run('sh');
  const output = `${result.stdout}${result.stderr}${result.isTimedOut ? `not done within ${timeoutMs / 1000} s` : ''}`;
  for (const line of output.split('\n')) if (line !== '') onLine?.(hook.service, line);
  return { service: hook.service, when: hook.when, command: hook.command, exitCode: result.exitCode, output };
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
