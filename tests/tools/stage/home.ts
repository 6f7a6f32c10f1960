import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Trigger, triggerExample } from '@ccci/lib/records/trigger.ts';
import { makeRepository } from '../../support/repository/make.ts';
import { layTests } from '../../support/repository/recipe.ts';
import { type Ended, type Started, start } from './start.ts';

const top = join(import.meta.dirname, '..', '..', '..');

/** A machine of one person: a state, a tree of tests, checkouts of recipes; no forge. */
export type Home = {
  readonly dir: string;
  readonly state: string;
  readonly runs: string;
  /** `PATH` with `dist/bin` first, `CCCI_STATE`, `CCCI_TESTS_DIR`. */
  readonly env: Readonly<Record<string, string>>;
};

export type Checkout = { readonly dir: string; readonly commit: string };

export function makeHome(dir: string): Home {
  mkdirSync(join(dir, 'tests'), { recursive: true });
  const state = join(dir, 'state');
  return {
    dir,
    state,
    runs: join(state, 'runs'),
    env: {
      PATH: `${join(top, 'dist', 'bin')}:${process.env.PATH}`,
      HOME: dir,
      CCCI_STATE: state,
      // A browser for each deployment would make every run longer.
      CCCI_SCREENSHOTS: 'false',
      CCCI_CARD: 'false',
      CCCI_TESTS_DIR: join(dir, 'tests'),
    },
  };
}

/**
 * Checks a recipe of `tests/recipes` out, at its pull request where it has one, with its tests beside it; `as` gives it
 * another name, `change` replaces text in its `compose.yml` and commits that.
 */
export async function checkOut(
  home: Home,
  recipe: string,
  { as = recipe, change }: { readonly as?: string; readonly change?: (compose: string) => string } = {},
): Promise<Checkout> {
  const bare = join(home.dir, `${as}.git`);
  const { commits } = await makeRepository({ recipe, into: bare });
  const dir = join(home.dir, as);
  const hasPull = commits.pr !== undefined;
  git(home.dir, ['clone', '--quiet', '--branch', hasPull ? 'pr' : 'main', bare, dir]);
  await layTests(recipe, join(home.dir, 'tests', as));
  if (change !== undefined) {
    const path = join(dir, 'compose.yml');
    writeFileSync(path, change(readFileSync(path, 'utf8')));
    git(dir, ['commit', '--quiet', '--all', '--message', 'Change for a test']);
  }
  return { dir, commit: git(dir, ['rev-parse', 'HEAD']).trim() };
}

/** A line by hand for a checkout's commit. */
export function byHand({ dir, commit }: Checkout, options: Trigger['options'] = {}): object {
  return { type: 'trigger', repo: dir, ref: commit, options };
}

/** What poll writes for a comment on a pull request; the repository may be a path, with `--allow-local`. */
export function fromForge(id: number, fields: Partial<Trigger> & Pick<Trigger, 'repo' | 'recipe'>): Trigger {
  const comment = {
    ...triggerExample.comment,
    id,
    author: 'ana',
    url: '',
    created: '2026-11-23T10:14:58Z',
  };
  const { pr: _pr, ...example } = triggerExample;
  return { ...example, key: `gitea-${id}`, name: fields.recipe, comment, ...fields };
}

/** Accepts triggers into the queue, and gives what the rest of the pipe gets. */
export async function enqueue(home: Home, triggers: readonly object[] = []): Promise<Ended['records']> {
  const { records } = await start(['ccci-dedupe'], { cwd: home.dir, env: home.env, input: triggers }).ended;
  return records;
}

export type StageStart = {
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
  readonly limitMs?: number;
};

/** Starts `ccci-stage` at home. */
export function startStage(
  home: Home,
  input: readonly (object | string)[],
  { args = [], env = {}, limitMs }: StageStart = {},
): Started {
  const argv = ['ccci-stage', '--allow-local', ...args] as const;
  return start([...argv] as [string, ...string[]], {
    cwd: home.dir,
    env: { ...home.env, ...env },
    input,
    limitMs,
  });
}

/** Writes the operator's settings of a recipe. */
export function writeSettings(home: Home, recipe: string, yaml: string): void {
  const folder = join(home.dir, 'tests', recipe);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'recipe.yml'), yaml);
}

/** Changes a file of a checkout without committing it. */
export function touch({ dir }: Checkout, file: string): void {
  appendFileSync(join(dir, file), '\n# a change that is not committed\n');
}

function git(cwd: string, args: readonly string[]): string {
  const env = {
    PATH: process.env.PATH,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Recipe Author',
    GIT_AUTHOR_EMAIL: 'author@recipes.invalid',
    GIT_COMMITTER_NAME: 'Recipe Author',
    GIT_COMMITTER_EMAIL: 'author@recipes.invalid',
  };
  return execFileSync('git', [...args], { cwd, env, encoding: 'utf8', timeout: 60_000 });
}
