import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from './programs.ts';

/** A Python that has pytest, and the folders that must be seen for it to start. */
export type Python = { readonly executable: string; readonly folders: readonly string[] };

const question = [
  'import json, os, sys, pytest',
  'print(json.dumps([sys.executable, sys.prefix, sys.base_prefix, os.path.dirname(os.path.dirname(pytest.__file__))]))',
].join('\n');

let found: Promise<Python | null> | undefined;

/** The first Python on the path that has pytest, else the system's; null where none has it. Asked once. */
export function findPython(): Promise<Python | null> {
  found ??= lookForPython(process.env.PATH);
  return found;
}

/** The same for a given path, not remembered. */
export async function lookForPython(path: string | undefined): Promise<Python | null> {
  const candidates = [await findProgram('python3', path), '/usr/bin/python3'];
  for (const candidate of new Set(candidates)) {
    const python = candidate === null ? null : await ask(candidate, path);
    if (python !== null) return python;
  }
  return null;
}

async function ask(executable: string, path: string | undefined): Promise<Python | null> {
  try {
    const env = path === undefined ? {} : { PATH: path };
    const options = { cwd: '/', timeout: 20_000, env };
    const { stdout } = await promisify(execFile)(executable, ['-I', '-c', question], options);
    const [own, ...folders] = JSON.parse(stdout) as [string, ...string[]];
    return { executable: own, folders: needed([dirname(dirname(own)), ...folders]) };
  } catch {
    return null;
  }
}

/** Folders that the sandbox does not show anyway, without those inside another. */
function needed(folders: readonly string[]): string[] {
  const own = [...new Set(folders)].filter((folder) => !/^\/(usr|nix\/store)(\/|$)/.test(folder));
  return own.filter((folder) => !own.some((other) => folder !== other && folder.startsWith(`${other}/`)));
}
