import { exitStatus, Failure } from '../program/failure.ts';
import { gitOk } from './run.ts';

/** The most that the files of one commit may come to when they are written out. */
export const commitLimits = { files: 20_000, bytes: 256 * 1024 ** 2 };

/** Twice what that many usual names take. */
const listingBytes = 4 * 1024 ** 2;

/**
 * Refuses a commit whose files would fill the disk, before one of them is written: a small pack can hold a great deal
 * of nothing. `Failure` `git-refused` names the largest file. Source: security.md, row clone, "limits of size".
 */
export async function checkCommitSize(dir: string, ref: string, signal?: AbortSignal): Promise<void> {
  const listing = ['ls-tree', '-r', '-l', '-z', '--full-tree', ref];
  const text = await gitOk(['-C', dir, ...listing], { signal, outputBytes: listingBytes }).catch((error) => {
    if (signal?.aborted || !(error instanceof Failure && error.code === 'git-failed')) throw error;
    // Trees that hold one another name more files than we would ever read.
    if (/maxBuffer|SIGPIPE/i.test(error.message)) throw refused(ref, `more than ${commitLimits.files} files`);
    throw error;
  });
  const files = text.split('\0').filter((entry) => entry !== '');
  if (files.length > commitLimits.files) throw refused(ref, `${files.length} files`);
  let total = 0;
  let largest = { name: '', bytes: 0 };
  for (const entry of files) {
    const [, size = '', name = ''] = /^\S+ \S+ \S+ +(\d+|-)\t([\s\S]*)$/.exec(entry) ?? [];
    const bytes = size === '-' ? 0 : Number(size);
    total += bytes;
    if (bytes > largest.bytes) largest = { name, bytes };
  }
  if (total <= commitLimits.bytes) return;
  throw refused(
    ref,
    `${megabytes(total)} MB, ${JSON.stringify(largest.name)} alone ${megabytes(largest.bytes)} MB`,
  );
}

function refused(ref: string, what: string): Failure {
  const { files, bytes } = commitLimits;
  const message = `commit ${ref.slice(0, 12)} is not checked out, it is too large: ${what}`;
  return new Failure(exitStatus.badInput, 'git-refused', message, {
    hint: `a recipe has at most ${files} files and ${megabytes(bytes)} MB`,
  });
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 ** 2);
}
