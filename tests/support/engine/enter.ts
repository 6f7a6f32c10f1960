import { type SpawnOptions, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Box, pidOf, startBox } from './box.ts';
import { importImages } from './images.ts';

/**
 * The environment of whatever runs in a box: its engine, no user's Docker configuration, and where it is. This very Node
 * comes first on PATH: as pnpm leaves it, node_modules/.bin/node is a shell script that a signal ends in Node's place.
 */
export function boxEnv(box: Pick<Box, 'dir' | 'dockerHost'>): Record<string, string> {
  return {
    PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
    DOCKER_HOST: box.dockerHost,
    DOCKER_CONFIG: join(box.dir, 'config'),
    CCCI_TEST_BOX: box.dir,
  };
}

/** `argv` as a command line that runs in the box's network namespace, where its published ports and loopback are. */
export function boxCommand(box: Pick<Box, 'pid'>, argv: readonly string[]): string[] {
  return ['nsenter', '-t', String(box.pid), '-n', '--', ...argv];
}

/**
 * Runs a command in the box's network namespace on this terminal; resolves to its exit status (128 + n for signal n).
 * It has no time limit of its own: the box ends it at the latest. A signal is left to the command, which has things to
 * clean up: Ctrl-C reaches it through the terminal, SIGTERM is handed on.
 */
export function runInBox(
  box: Pick<Box, 'dir' | 'dockerHost' | 'pid'>,
  argv: readonly string[],
  env: NodeJS.ProcessEnv = {},
  options: SpawnOptions = {},
): Promise<number> {
  const [command, ...args] = boxCommand(box, argv);
  const child = spawn(command!, args, {
    stdio: 'inherit',
    ...options,
    env: { ...process.env, ...env, ...boxEnv(box) },
  });
  const terminate = () => child.kill('SIGTERM');
  const ignore = () => {};
  process.on('SIGTERM', terminate).on('SIGINT', ignore).on('SIGHUP', ignore);
  return new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
  }).finally(() => process.off('SIGTERM', terminate).off('SIGINT', ignore).off('SIGHUP', ignore));
}

/**
 * Makes a test file or a demo run in a box: `const box = await enterBox(import.meta.url)`. In a box already (the test
 * run has made one for all) it returns that; else it starts one with images, runs the same file in it, stops it and
 * ends with the file's exit status.
 */
export async function enterBox(url: string): Promise<Box> {
  const dir = process.env.CCCI_TEST_BOX;
  if (dir !== undefined) return openBox(dir);
  const box = await startBox();
  const status = await importImages(box)
    .then(() =>
      runInBox(box, [process.execPath, ...process.execArgv, fileURLToPath(url), ...process.argv.slice(2)]),
    )
    .finally(box.stop);
  process.exit(status);
}

/** The box of this folder, which somebody else started; to stop it is theirs, so `stop` does nothing. */
function openBox(dir: string): Box {
  const socket = join(dir, 'docker.sock');
  return { dir, socket, dockerHost: `unix://${socket}`, pid: pidOf(dir), stop: async () => {} };
}
