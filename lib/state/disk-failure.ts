import { codeOf, exitStatus, Failure, messageOf } from '../program/failure.ts';

type Known = { readonly code: string; readonly hint: string };

const full = { code: 'disk-full', hint: 'make space; nothing is lost, start again then' };
const readOnly = {
  code: 'disk-read-only',
  hint: 'the file system is mounted read-only: look for errors of the disk',
};
const forbidden = {
  code: 'disk-forbidden',
  hint: 'give this user the right to write there, or choose another --state',
};
const inTheWay = { code: 'disk-failed', hint: 'a file is in the way: move it, or choose another place' };
const noFolders = { code: 'disk-forbidden', hint: 'choose another place, on a file system for files' };

const known: Readonly<Record<string, Known>> = {
  ENOSPC: full,
  EDQUOT: full,
  EROFS: readOnly,
  EACCES: forbidden,
  EPERM: forbidden,
  EEXIST: inTheWay,
  ENOTDIR: inTheWay,
  ENOTSUP: noFolders,
};

/** A file operation that failed, as a `Failure` with status 74 that names the path and what to do. */
export function diskFailure(what: string, path: string, error: unknown): Failure {
  const { code, hint } = known[codeOf(error) ?? ''] ?? { code: 'disk-failed', hint: undefined };
  return new Failure(exitStatus.inputOutput, code, `cannot ${what} ${path}: ${messageOf(error)}`, {
    cause: error,
    hint,
  });
}
