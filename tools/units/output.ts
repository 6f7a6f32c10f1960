import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { kill, pid } from 'node:process';
import { codeOf, exitStatus, Failure, messageOf } from '@ccci/lib/program/failure.ts';
import { makeFolders } from '@ccci/lib/state/folders.ts';
import { installScript } from './install-script.ts';

/** Below the folder to write to. */
export const installName = 'install.sh';
const tree = 'etc';
/** What is not whole yet, with the process that is at it. */
const draftPattern = /^\.ccci-units-(\d+)$/;

/** The folder to write to, absolute; what somebody else wrote there is never mixed with ours. `Failure` 64, 74. */
export async function openOutput(given: unknown, cwd: string): Promise<string> {
  if (typeof given !== 'string') {
    throw new Failure(exitStatus.usage, 'no-output', '--output is missing', {
      hint: 'name a folder that is new or empty: ccci-units --config /etc/ccci/ccci.yml --output ./host',
    });
  }
  const output = resolve(cwd, given);
  const names = await listFolder(output);
  const drafts = names.filter(isDead);
  // The script comes before the tree: alone beside a draft it is what a killed run left.
  const isOurs = (name: string) => draftPattern.test(name) || (drafts.length > 0 && name === installName);
  if (names.every(isOurs)) return output;
  throw inUse(output);
}

/**
 * Writes a tree (path below `output` to content, all of it below `etc`) and the script that installs it: beside its place
 * first, and with one rename there, so that whoever kills this finds nothing or all of it. What an earlier, killed run
 * left is removed. `Failure` 64 when somebody else was faster, 74 when it cannot be written; then nothing is left.
 */
export async function writeTree(output: string, files: ReadonlyMap<string, string>): Promise<void> {
  const draft = join(output, `.ccci-units-${pid}`);
  const made = await makeFolders(output).catch((error) => {
    throw cannotWrite(output, error);
  });
  try {
    for (const name of (await listFolder(output)).filter(isDead)) {
      await rm(join(output, name), { recursive: true });
    }
    await mkdir(draft);
    for (const [path, content] of [...files, [installName, installScript] as const]) {
      await mkdir(dirname(join(draft, path)), { recursive: true });
      await writeFile(join(draft, path), content);
    }
    await rename(join(draft, installName), join(output, installName));
    await rename(join(draft, tree), join(output, tree));
    await rmdir(draft);
  } catch (error) {
    await takeBack({ draft, output, made });
    if (['ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) throw inUse(output);
    throw cannotWrite(output, error);
  }
}

async function listFolder(output: string): Promise<readonly string[]> {
  return readdir(output).catch((error) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw cannotWrite(output, error);
  });
}

/** True for the draft of a process that is no more, or that was one before this one got its number. */
function isDead(name: string): boolean {
  const [, owner] = draftPattern.exec(name) ?? [];
  if (owner === undefined) return false;
  if (Number(owner) === pid) return true;
  try {
    return !kill(Number(owner), 0);
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

type Made = { readonly draft: string; readonly output: string; readonly made: string | undefined };

/** As far as it goes: the error that is told is the first one. */
async function takeBack({ draft, output, made }: Made): Promise<void> {
  await rm(draft, { recursive: true, force: true }).catch(() => {});
  if (made === undefined) return;
  try {
    for (let at = output; at.length >= made.length; at = dirname(at)) await rmdir(at);
  } catch {
    // Somebody else uses it by now.
  }
}

function inUse(output: string): Failure {
  return new Failure(exitStatus.usage, 'output-in-use', `${output} is not empty`, {
    hint: 'name another folder, or remove it first; install.sh knows by itself what an earlier one put onto the machine',
  });
}

const hints: Readonly<Record<string, string>> = {
  ENOSPC: 'make space, or choose another --output; nothing of it was left there',
  EDQUOT: 'make space, or choose another --output; nothing of it was left there',
  EACCES: 'choose an --output where you may write',
  EPERM: 'choose an --output where you may write',
  EROFS: 'the file system is mounted read-only: choose another --output',
  ENOTDIR: 'a file is in the way: choose an --output that is new, or an empty folder',
  EEXIST: 'a file is in the way: choose an --output that is new, or an empty folder',
};

function cannotWrite(output: string, error: unknown): Failure {
  const hint = hints[codeOf(error) ?? ''] ?? 'choose another --output';
  return new Failure(
    exitStatus.inputOutput,
    'write-failed',
    `cannot write to ${output}: ${messageOf(error)}`,
    {
      cause: error,
      hint,
    },
  );
}
