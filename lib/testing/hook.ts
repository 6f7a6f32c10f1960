import { relativeTo } from './run-file.ts';
import { type InsideOptions, runInside } from './run-inside.ts';
import { treeInside } from './sandbox.ts';

export type HookOptions = Pick<
  InsideOptions,
  'env' | 'stdin' | 'caFile' | 'stateFile' | 'given' | 'engine' | 'appSocket' | 'timeoutMs' | 'signal'
> & {
  /** Absolute, inside `cwd`. */
  readonly file: string;
  readonly args: readonly string[];
  /** Absolute folder that the hook begins in and may read: the recipe's folder in the tree of tests. */
  readonly cwd: string;
  readonly hosts?: InsideOptions['hosts'];
  readonly onLine?: InsideOptions['onLine'];
};

export type HookResult = {
  /** Null when it was ended by a signal, at its time limit for example. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  /** Both streams, as they came. */
  readonly output: string;
  readonly stdout: string;
};

/** Runs a hook of the operator's tree in the same sandbox as a test; `Failure` `no-sandbox` where there is none. */
export async function runHook({
  file,
  args,
  cwd,
  hosts,
  onLine,
  ...options
}: HookOptions): Promise<HookResult> {
  const command = [`${treeInside}/${relativeTo(cwd, file)}`, ...args];
  const inside = { ...options, command, tree: cwd, hosts: hosts ?? [], onLine: onLine ?? (() => {}) };
  const { exitCode, output, stdout, timedOut } = await runInside(inside);
  if (!timedOut) return { exitCode, timedOut, output, stdout };
  const late = `${output}\ndid not end within ${options.timeoutMs / 1000} s\n`.trimStart();
  return { exitCode, timedOut, output: late, stdout };
}
