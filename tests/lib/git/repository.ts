import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A real repository for a test: plain git in a folder, with a fixed identity and clock. */
export type Repository = {
  readonly dir: string;
  readonly git: (...args: string[]) => Promise<string>;
  /** Writes files and commits them; gives the hash. A path that ends in `*` is executable. */
  readonly commit: (files: Readonly<Record<string, string>>, message?: string) => Promise<string>;
};

export async function makeRepository(dir: string): Promise<Repository> {
  await mkdir(dir, { recursive: true });
  const identity = {
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@b',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@b',
  };
  const clock = { GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z', GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z' };
  const env = { PATH: process.env.PATH, HOME: dir, GIT_CONFIG_NOSYSTEM: '1', ...identity, ...clock };
  const git = async (...args: string[]) => (await run('git', args, { cwd: dir, env })).stdout.trim();
  await git('init', '--quiet', '--initial-branch=main');
  return {
    dir,
    git,
    commit: async (files, message = 'change') => {
      await writeTree(dir, files);
      await git('add', '--all');
      await git('commit', '--quiet', '--allow-empty', '-m', message);
      return await git('rev-parse', 'HEAD');
    },
  };
}

/** Writes files into a folder; a path that ends in `*` becomes an executable without the star. */
export async function writeTree(dir: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(dir, name.replace(/\*$/, ''));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content, { mode: name.endsWith('*') ? 0o755 : 0o644 });
  }
}
