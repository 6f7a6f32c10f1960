import { basename, resolve } from 'node:path';
import { exitStatus, Failure } from '../program/failure.ts';
import { contractVersion } from './common.ts';
import { handKey } from './keys.ts';
import type { AnyRecord } from './types.ts';

export type FillOptions = {
  readonly now: () => Date;
  /** At least four hexadecimal digits for the key. */
  readonly random: () => string;
  /** Where a relative `repo` begins. */
  readonly cwd: string;
};

/** True for a trigger that a person wrote: it has no forge, so nothing is claimed or posted for it. */
export function isByHand(record: AnyRecord): boolean {
  return record.type === 'trigger' && record.forge === undefined;
}

/**
 * Fills in what a person may leave out of a trigger: `v`, `at`, `by`, `source`, `key`, `recipe`, `options`
 * (records.md). `ref` stays as it is, absent, branch or hash: resolving it needs git. Other records are returned as
 * they are. A trigger without `repo` is a `Failure` with status 65.
 */
export function fillTrigger(record: AnyRecord, { now, random, cwd }: FillOptions): AnyRecord {
  if (!isByHand(record)) return record;
  const { type, ...said } = record;
  const at = now();
  const filled = {
    v: contractVersion,
    at: at.toISOString(),
    by: 'hand',
    key: handKey(at, random()),
    source: 'hand',
  };
  return { type, ...filled, recipe: recipeOf(record, cwd), options: {}, ...said };
}

/** The last word of an address or path, without `.git`: `ghost` of `https://git.example.org/recipes/ghost.git`. */
function recipeOf({ repo, recipe }: AnyRecord, cwd: string): unknown {
  if (recipe !== undefined) return recipe;
  if (typeof repo !== 'string' || repo === '') {
    throw new Failure(exitStatus.badInput, 'no-repo', 'the trigger has no repo', {
      hint: 'write {"type":"trigger","repo":"./ghost"} or a clone URL',
    });
  }
  const isAddress = /^[a-z][a-z0-9+.-]*:\/\//i.test(repo) || /^[^/]+@[^/]+:/.test(repo);
  const path = isAddress ? repo.replace(/[?#].*$/, '').replace(/^[^/]*:(?!\/\/)/, '/') : resolve(cwd, repo);
  const name = basename(path.replace(/\/+$/, '')).replace(/\.git$/, '');
  if (name !== '') return name;
  throw new Failure(exitStatus.badInput, 'no-recipe', `no recipe's name can be read from repo ${repo}`, {
    hint: 'add "recipe"',
  });
}
