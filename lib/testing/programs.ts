import { access, constants, realpath } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { exitStatus, Failure } from '../program/failure.ts';

/** What the sandbox is made with, as real paths: links lead to places that are not seen inside (NixOS). */
export type SandboxPrograms = {
  readonly bwrap: string;
  readonly prlimit: string;
  readonly choom: string;
  /** Only root has another user to become. */
  readonly setpriv: string | null;
};

/** Finds them, or a `Failure` `no-sandbox` that says what to install: nothing ever runs without the sandbox. */
export async function findSandboxPrograms(
  isRoot: boolean,
  path = process.env.PATH,
): Promise<SandboxPrograms> {
  const [bwrap, prlimit, choom, setpriv] = await Promise.all(
    ['bwrap', 'prlimit', 'choom', 'setpriv'].map((name) => findProgram(name, path)),
  );
  if (bwrap == null) throw missing('bwrap', 'bubblewrap');
  if (prlimit == null) throw missing('prlimit', 'util-linux');
  if (choom == null) throw missing('choom', 'util-linux');
  if (isRoot && setpriv == null) throw missing('setpriv', 'util-linux');
  return { bwrap, prlimit, choom, setpriv: isRoot ? (setpriv ?? null) : null };
}

/** The first executable of that name on a path; null where there is none. */
export async function findProgram(name: string, path: string | undefined): Promise<string | null> {
  for (const folder of (path ?? '').split(delimiter).filter((entry) => entry.startsWith('/'))) {
    const file = join(folder, name);
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return await realpath(file);
  }
  return null;
}

function missing(program: string, bundle: string): Failure {
  const message = `tests and hooks cannot run: ${program} is not there, and they are never run without a sandbox`;
  return new Failure(exitStatus.unavailable, 'no-sandbox', message, { hint: `install ${bundle}` });
}
