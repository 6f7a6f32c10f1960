/**
 * The git commands that the forge itself needs; synchronous, because each takes milliseconds. Refs are read from their
 * files, and what can never change (that a commit is there, the last common one of two) is asked once.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { readHead, readRef } from './refs.ts';

const known = new Map<string, string>();
const wholeHash = /^[0-9a-f]{40}$/;

const identity = {
  GIT_AUTHOR_NAME: 'forge',
  GIT_AUTHOR_EMAIL: 'forge@noreply.localhost',
  GIT_COMMITTER_NAME: 'forge',
  GIT_COMMITTER_EMAIL: 'forge@noreply.localhost',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
};

/** Runs git in a repository and gives its standard output; a failure is an error that names the command. */
export function git(path: string, ...args: readonly string[]): string {
  return execaSync('git', ['-c', 'safe.directory=*', ...args], options(path)).stdout;
}

/** The same with something on its standard input. */
export function gitWithInput(path: string, input: string, ...args: readonly string[]): string {
  return execaSync('git', ['-c', 'safe.directory=*', ...args], { ...options(path), input }).stdout;
}

/** The full hash of a branch, tag or (short) hash, or null when the repository has no such commit. */
export function resolveCommit(path: string, name: string): string | null {
  if (!/^[\w./-]+$/.test(name) || name.startsWith('-')) return null;
  const commit = known.get(`${path} ${name}`);
  if (commit !== undefined) return commit;
  const args = ['-c', 'safe.directory=*', 'rev-parse', '--verify', '--quiet', `${name}^{commit}`];
  const result = execaSync('git', args, { ...options(path), reject: false });
  if (result.exitCode !== 0) return null;
  if (wholeHash.test(name)) known.set(`${path} ${name}`, result.stdout);
  return result.stdout;
}

/** The commit of a branch, or null. */
export function branchCommit(path: string, branch: string): string | null {
  const sha = readRef(path, `refs/heads/${branch}`);
  if (sha !== null) known.set(`${path} ${sha}`, sha);
  return sha;
}

/** The branch that HEAD names. */
export function defaultBranch(path: string): string {
  return readHead(path) ?? git(path, 'symbolic-ref', '--short', 'HEAD');
}

/** True when nothing was ever pushed; from the files, because a listing asks it of each of its repositories. */
export function isEmpty(path: string): boolean {
  return !existsSync(join(path, 'packed-refs')) && readdirSync(join(path, 'refs', 'heads')).length === 0;
}

/** True when `older` is an ancestor of `newer`; git ends with 1 for no and with 128 for a broken request. */
export function isAncestor(path: string, older: string, newer: string): boolean {
  const args = ['-c', 'safe.directory=*', 'merge-base', '--is-ancestor', older, newer];
  return execaSync('git', args, { ...options(path), reject: false }).exitCode === 0;
}

/** The last common commit of two, or an empty string as Gitea has it. */
export function mergeBase(path: string, one: string, other: string): string {
  const [from, to] = [one, other].map((name) => readRef(path, name) ?? name) as [string, string];
  const name = `${path} ${from} ${to}`;
  const args = ['-c', 'safe.directory=*', 'merge-base', from, to];
  const base = known.get(name) ?? execaSync('git', args, { ...options(path), reject: false }).stdout;
  if (wholeHash.test(from) && wholeHash.test(to)) known.set(name, base);
  return base;
}

function options(cwd: string) {
  return { cwd, env: identity, timeout: 60_000, killSignal: 'SIGKILL' } as const;
}
