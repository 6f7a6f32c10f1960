import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { codeOf, exitStatus, Failure } from '../program/failure.ts';
import { diskFailure } from './disk-failure.ts';

/** A lock that lives as long as our descriptor: it survives a rename and is gone with SIGKILL (L21). */
export type Lock = {
  readonly fd: number;
  /** Where the file was when it was locked. */
  readonly path: string;
  readonly release: () => void;
};

/** Makes the file if it is not there and locks it; null when somebody else has it. */
export async function lockFile(path: string): Promise<Lock | null> {
  return lock(path, constants.O_RDWR | constants.O_CREAT);
}

/** Locks a file that exists; null when somebody else has it, and when it is not there. */
export async function lockExisting(path: string): Promise<Lock | null> {
  return lock(path, constants.O_RDWR);
}

function lock(path: string, flags: number): Lock | null {
  const fd = openOrNull(path, flags);
  if (fd === null) return null;
  let isOpen = true;
  const release = () => {
    if (isOpen) closeSync(fd);
    isOpen = false;
  };
  try {
    if (flock(fd, path)) return { fd, path, release };
  } catch (error) {
    release();
    throw error;
  }
  release();
  return null;
}

function openOrNull(path: string, flags: number): number | null {
  try {
    return openSync(path, flags, 0o660);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && (flags & constants.O_CREAT) === 0) return null;
    throw diskFailure('open', path, error);
  }
}

/** Node has no lock of its own: flock(1) locks the descriptor that it shares with us (triggers.md, step 8). */
function flock(fd: number, path: string): boolean {
  const options = { stdio: ['ignore', 'ignore', 'ignore', fd], timeout: 5_000, detached: true } as const;
  const { status, signal, error } = spawnSync('flock', ['-n', '3'], options as never);
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
