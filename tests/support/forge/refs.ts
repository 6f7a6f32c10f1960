/** Refs of a bare repository, read and written as git does, without a process for each: a thousand pull requests. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const hash = /^[0-9a-f]{40}$/;

/** The hash that a full name (`refs/heads/main`) stands for, or null. */
export function readRef(path: string, ref: string): string | null {
  if (!/^refs\/[\w./-]+$/.test(ref) || ref.includes('..')) return null;
  const text = read(join(path, ref))?.trim();
  if (text !== undefined) return hash.test(text) ? text : null;
  const packed = read(join(path, 'packed-refs'))?.split('\n') ?? [];
  return packed.find((line) => line.endsWith(` ${ref}`))?.slice(0, 40) ?? null;
}

/** Lets a full name stand for a hash. */
export function writeRef(path: string, ref: string, sha: string): void {
  const file = join(path, ref);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.lock`, `${sha}\n`);
  renameSync(`${file}.lock`, file);
}

/** The branch that HEAD names, or null. */
export function readHead(path: string): string | null {
  return /^ref: refs\/heads\/(.+)\n/.exec(read(join(path, 'HEAD')) ?? '')?.[1] ?? null;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
