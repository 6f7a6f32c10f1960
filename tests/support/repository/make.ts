import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { layOver } from './lay-over.ts';
import { layersOf } from './layers.ts';
import { layerFolders, recipesDir as recipes } from './recipe.ts';

const run = promisify(execFile);

export type RepositoryOptions = {
  /** The folder of `recipesDir` whose `repo/` is used. */
  readonly recipe: string;
  /** The bare repository to make; must not exist yet. */
  readonly into: string;
  /** Number of the pull request: sets `refs/pull/<n>/head` to the branch `pr`. */
  readonly pull?: number;
  /** `tests/recipes` unless given. */
  readonly recipesDir?: string;
};

export type Repository = {
  /** Path of the bare repository. */
  readonly bare: string;
  /** Folder of `repo/` to commit hash. */
  readonly commits: Readonly<Record<string, string>>;
};

/**
 * Makes a bare git repository of a recipe's `repo/`, the same hashes each time. Its folders are commits, in order:
 * `<n>-<version>` (say `1-1.0.0+1.0`) on `main` with an annotated tag of that name, `<n>-main` on `main` without one,
 * `pr` on the branch `pr` on top of `main`. The files of a folder are laid over the tree so far (`layOver`), of a recipe
 * with `from` those of the other one first (`layerFolders`). Executable bits are kept.
 */
export async function makeRepository(options: RepositoryOptions): Promise<Repository> {
  const { recipe, into: bare, pull, recipesDir = recipes } = options;
  const found = await layerFolders(recipe, recipesDir);
  const layers = layersOf(
    found.map(({ name }) => name),
    join(recipesDir, recipe, 'repo'),
  );
  const tree = await mkdtemp(join(tmpdir(), 'ccci-repo-'));
  try {
    await mkdir(bare, { recursive: false });
    await git(bare, ['init', '--quiet', '--bare', '--initial-branch=main', bare]);
    const commits: Record<string, string> = {};
    for (const [index, layer] of layers.entries()) {
      for (const folder of found.find(({ name }) => name === layer.folder)?.folders ?? [])
        await layOver(folder, tree);
      commits[layer.folder] = await commit({ bare, tree, index, ...layer });
    }
    if (pull !== undefined) await git(bare, ['update-ref', `refs/pull/${pull}/head`, 'refs/heads/pr']);
    return { bare, commits };
  } finally {
    await rm(tree, { recursive: true, force: true });
    await rm(`${tree}.index`, { force: true });
  }
}

type Commit = {
  readonly bare: string;
  readonly tree: string;
  readonly index: number;
  readonly folder: string;
  readonly branch: string;
  readonly tag?: string | undefined;
};

/** Commits the whole tree on the branch, a day after the commit before it. */
async function commit({ bare, tree, index, folder, branch, tag }: Commit): Promise<string> {
  const day = String(index + 1).padStart(2, '0');
  const date = `2024-01-${day}T12:00:00Z`;
  const env = { GIT_COMMITTER_DATE: date, GIT_AUTHOR_DATE: date, GIT_INDEX_FILE: `${tree}.index` };
  await git(bare, ['--work-tree', tree, 'add', '--all', '--force', '.'], env, tree);
  const written = (await git(bare, ['write-tree'], env)).trim();
  const parent = index === 0 ? [] : ['-p', 'main'];
  const message = tag ? `Release ${tag}` : `Change ${folder}`;
  const hash = (await git(bare, ['commit-tree', written, ...parent, '-m', message], env)).trim();
  await git(bare, ['update-ref', `refs/heads/${branch}`, hash]);
  if (tag) await git(bare, ['tag', '--annotate', '-m', message, tag, hash], env);
  return hash;
}

/** Runs git with nobody's configuration, so that hashes are the same everywhere. */
async function git(bare: string, args: string[], env: object = {}, cwd = bare): Promise<string> {
  const { stdout } = await run('git', ['-c', 'core.fileMode=true', '-c', 'core.autocrlf=false', ...args], {
    cwd,
    timeout: 60_000,
    env: {
      PATH: process.env.PATH,
      GIT_DIR: bare,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'Recipe Author',
      GIT_AUTHOR_EMAIL: 'author@recipes.invalid',
      GIT_COMMITTER_NAME: 'Recipe Author',
      GIT_COMMITTER_EMAIL: 'author@recipes.invalid',
      ...env,
    },
  });
  return stdout;
}
