import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs';
import { codeOf, exitStatus, Failure } from '../program/failure.ts';
import { diskFailure } from './disk-failure.ts';

/** A lock that lives as long as our descriptor: it survives a rename and is gone with SIGKILL (L21). */
export type Lock = {
  /** Where the file was when it was locked. */
  readonly path: string;
  readonly release: () => void;
};

/** How queue files are locked, so that tests can cut the power from a disk that is none. */
export type Locks = {
  /** Locks a file that exists; null when somebody else has it, and when it is not there (any more). */
  readonly take: (path: string) => Promise<Lock | null>;
};

export const realLocks: Locks = { take: lockExisting };

/** Makes the file if it is not there and locks it; null when somebody else has it. */
export async function lockFile(path: string): Promise<Lock | null> {
  return lockOpened(path, open(path, constants.O_RDWR | constants.O_CREAT), tryLock);
}

/** The same, but waits so long for whoever has it; null when that was not enough. */
export async function lockPatiently(path: string, waitMs: number): Promise<Lock | null> {
  const opened = open(path, constants.O_RDWR | constants.O_CREAT);
  return lockOpened(path, opened, (fd) => waitForLock(fd, path, { waitMs }));
}

/** How a lock that is waited for is taken. */
export type WaitOptions = {
  /** Together with others that take it so; by default nobody else has it. */
  readonly isShared?: boolean;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Called once where somebody else has it now. */
  readonly onWait?: () => void;
};

/** Makes the file if it is not there and locks it, however long somebody else has it; null when the signal ends that. */
export async function lockWaiting(path: string, options: WaitOptions): Promise<Lock | null> {
  const opened = open(path, constants.O_RDWR | constants.O_CREAT);
  return lockOpened(path, opened, async (fd) => {
    if (options.signal.aborted) return false;
    if (tryLock(fd, path, options.isShared)) return true;
    options.onWait?.();
    return waitForLock(fd, path, { ...options, waitMs: null });
  });
}

/**
 * Locks a file that exists; null when somebody else has it, and when it is not there. Between opening and locking it
 * may have been renamed, and another put in its place: that is none either (triggers.md, step 9).
 */
export async function lockExisting(path: string): Promise<Lock | null> {
  const fd = openOrNull(path);
  if (fd === null) return null;
  return lockOpened(path, fd, () => tryLock(fd, path) && isStill(fd, path));
}

/**
 * True while a path still names the opened file.
 */
export function isStill(fd: number, path: string): boolean {
  try {
    const ours = fstatSync(fd);
    const theirs = statSync(path, { throwIfNoEntry: false });
    return theirs !== undefined && ours.ino === theirs.ino && ours.dev === theirs.dev;
  } catch (error) {
    throw diskFailure('look at', path, error);
  }
}

/** Holds the descriptor for as long as the lock is wanted; closes it where `attempt` gives none, or throws. */
async function lockOpened(
  path: string,
  fd: number,
  attempt: (fd: number, path: string) => boolean | Promise<boolean>,
): Promise<Lock | null> {
  let isOpen = true;
  const release = () => {
    if (isOpen) closeSync(fd);
    isOpen = false;
  };
  try {
    if (await attempt(fd, path)) return { path, release };
  } catch (error) {
    release();
    throw error;
  }
  release();
  return null;
}

function open(path: string, flags: number): number {
  try {
    return openSync(path, flags, 0o660);
  } catch (error) {
    throw diskFailure('open', path, error);
  }
}

function openOrNull(path: string): number | null {
  try {
    return openSync(path, constants.O_RDWR);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw diskFailure('open', path, error);
  }
}

/** Node has no lock of its own: flock(1) locks the descriptor that it shares with us (triggers.md, step 8). */
function tryLock(fd: number, path: string, isShared = false): boolean {
  const options = { stdio: ['ignore', 'ignore', 'ignore', fd], timeout: 5_000, detached: true } as const;
  const { status, signal, error } = spawnSync('flock', [isShared ? '-sn' : '-n', '3'], options as never);
  return isLocked(path, { status, signal, error });
}

type Waiting = {
  /** Null for as long as it takes. */
  readonly waitMs: number | null;
  readonly isShared?: boolean;
  readonly signal?: AbortSignal;
};

async function waitForLock(
  fd: number,
  path: string,
  { waitMs, isShared, signal }: Waiting,
): Promise<boolean> {
  const bound = waitMs === null ? [] : ['-w', String(waitMs / 1000)];
  const child = spawn('flock', [...bound, isShared ? '-s' : '-x', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', fd],
    detached: true,
  });
  const end = () => void child.kill('SIGKILL');
  signal?.addEventListener('abort', end, { once: true });
  const [status, name, error] = await Promise.race([
    once(child, 'exit'),
    once(child, 'error').then(([cause]) => [null, null, cause]),
  ])
    .catch((cause) => [null, null, cause])
    .finally(() => signal?.removeEventListener('abort', end));
  // It may have come to hold the lock in its last moment: the caller lets go of the descriptor then.
  if (signal?.aborted) return false;
  return isLocked(path, { status, signal: name, error });
}

type Ended = { readonly status: number | null; readonly signal: string | null; readonly error?: unknown };

function isLocked(path: string, { status, signal, error }: Ended): boolean {
  if (status === 0) return true;
  if (status === 1) return false;
  if (codeOf(error) === 'ENOENT') {
    throw new Failure(exitStatus.unavailable, 'flock-missing', 'the program flock is not on the PATH', {
      cause: error,
      hint: 'install util-linux',
    });
  }
  const how = signal === null ? `status ${status}` : `signal ${signal}`;
  throw new Failure(exitStatus.inputOutput, 'lock-failed', `cannot lock ${path}: flock ended with ${how}`, {
    cause: error,
    hint: 'the file system must support flock(2)',
  });
}
