import { exitStatus, Failure } from '../program/failure.ts';
import { clientWords, runDocker } from './client.ts';

export type RenderOptions = {
  /** Compose files, in the order in which they are merged; absolute, or below `cwd`. */
  readonly files: readonly string[];
  /** The app's variables: all that is interpolated. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder of the recipe: relative paths of configs and secrets start here. */
  readonly cwd: string;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Merges and interpolates compose files into the one text that is judged and deployed (`docker stack config`).
 * `Failure` `render-failed` (65) in the client's words.
 */
export async function renderStack({ files, env, cwd, signal }: RenderOptions): Promise<string> {
  const args = ['stack', 'config', ...files.flatMap((file) => ['--compose-file', file])];
  const result = await runDocker(args, { variables: env, cwd, signal, timeoutMs: 60_000 });
  if (result.exitCode === 0) return result.stdout;
  // Where the run keeps its checkout says nothing to a maintainer.
  const words = `cannot render ${files.join(', ')}: ${clientWords(result)}`.replaceAll(`${cwd}/`, '');
  throw new Failure(exitStatus.badInput, 'render-failed', words);
}
