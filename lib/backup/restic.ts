import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { codeOf, exitStatus, Failure } from '../program/failure.ts';
import { stoppedFailure } from '../program/stopped.ts';
import { killGroup, runChild } from '../swarm/child.ts';

export type RepositoryOptions = {
  /** Folder of the repository, in the run's `work/`; made when it is empty. */
  readonly dir: string;
  readonly passwordFile: string;
  readonly cacheDir?: string;
  readonly signal: AbortSignal;
};

/** A restic repository of one run; every call costs about 0.6 s. */
export type Repository = {
  /** Stores a tar as one snapshot; the id is what a restore uses, never `latest` (L42). */
  readonly backup: (
    tar: Readable,
    options: { readonly name: string },
  ) => Promise<{ snapshot: string; bytes: number }>;
  /** The tar of a snapshot as it comes; an error of restic is a `Failure` of the stream. */
  readonly dump: (snapshot: string, options: { readonly name: string }) => Readable;
};

const initMs = 60_000;
const transferMs = 30 * 60_000;

/** Opens (and where there is none yet, makes) a repository. `Failure`s (69): `restic-missing`, `restic-failed`. */
export async function openRepository(options: RepositoryOptions): Promise<Repository> {
  const { dir, passwordFile, cacheDir, signal } = options;
  const cache = cacheDir === undefined ? ['--no-cache'] : ['--cache-dir', cacheDir];
  const base = ['--repo', dir, '--password-file', passwordFile, ...cache];
  if (!(await exists(join(dir, 'config')))) await runRestic([...base, 'init'], signal);
  return {
    backup: (tar, { name }) => {
      const args = [
        ...base,
        'backup',
        '--json',
        '--host',
        'ccci',
        '--stdin',
        '--stdin-filename',
        `${name}.tar`,
      ];
      return backUp(args, tar, signal);
    },
    dump: (snapshot, { name }) => Readable.from(dump([...base, 'dump', snapshot, `/${name}.tar`], signal)),
  };
}

async function runRestic(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { exitCode, stderr, ended } = await runChild('restic', args, {
    env: resticEnv(),
    timeoutMs: initMs,
    signal,
  });
  if (ended === 'ENOENT') throw missing();
  if (ended === 'aborted') throw stoppedFailure(signal, 'making the backup repository');
  if (exitCode !== 0) throw failed('init', ended ?? stderr);
}

async function backUp(
  args: readonly string[],
  tar: Readable,
  signal: AbortSignal,
): Promise<{ snapshot: string; bytes: number }> {
  const child = startRestic(args, signal);
  const output = text(child.process.stdout);
  try {
    await Promise.all([pipeline(tar, child.process.stdin), child.ended]);
  } catch (error) {
    // A tar that broke off must never become a snapshot that looks whole (L40).
    child.kill();
    await child.ended.catch(() => {});
    throw error;
  }
  const lines = (await output).trim().split('\n');
  const summary = JSON.parse(lines.at(-1) ?? '{}') as {
    snapshot_id?: string;
    total_bytes_processed?: number;
  };
  if (summary.snapshot_id === undefined) throw failed('backup', 'it names no snapshot');
  return { snapshot: summary.snapshot_id, bytes: summary.total_bytes_processed ?? 0 };
}

/** The end of the stream comes only after restic's own good end: what broke off must not look whole. */
async function* dump(args: readonly string[], signal: AbortSignal): AsyncGenerator<Buffer> {
  const child = startRestic(args, signal);
  child.process.stdin.end();
  try {
    yield* child.process.stdout as AsyncIterable<Buffer>;
    await child.ended;
  } finally {
    child.kill();
  }
}

function startRestic(args: readonly string[], signal: AbortSignal) {
  const process_ = spawn('restic', args, {
    env: resticEnv(),
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const kill = () => killGroup(process_.pid);
  const timer = setTimeout(kill, transferMs);
  signal.addEventListener('abort', kill, { once: true });
  if (signal.aborted) kill();
  const errors = text(process_.stderr);
  process_.stdin.on('error', () => {});
  const ended = new Promise<void>((resolve, reject) => {
    process_.on('error', (error) => reject(codeOf(error) === 'ENOENT' ? missing() : error));
    process_.on('close', async (code, why) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', kill);
      if (code === 0) resolve();
      else if (signal.aborted) reject(stoppedFailure(signal, 'running restic'));
      else reject(failed(args.includes('backup') ? 'backup' : 'dump', (await errors) || `ended by ${why}`));
    });
  });
  ended.catch(() => {});
  return { process: process_, ended, kill };
}

/** Nothing of the caller's environment but the PATH: `RESTIC_*` would lead elsewhere. */
function resticEnv(): Record<string, string> {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: '/nonexistent', RESTIC_PROGRESS_FPS: '0' };
}

function missing(): Failure {
  return new Failure(exitStatus.unavailable, 'restic-missing', 'there is no `restic` command on the PATH', {
    hint: 'Install restic 0.14 or newer (apt-get install restic).',
  });
}

function failed(what: string, words: string): Failure {
  return new Failure(
    exitStatus.unavailable,
    'restic-failed',
    `restic ${what}: ${words.trim().split('\n').at(-1)}`,
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
