import { basename } from 'node:path';
import type { LoadedConfig } from '@ccci/lib/config/load.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { Results } from '@ccci/lib/records/results.ts';
import {
  isWebAddress,
  type PullAddress,
  type RunAddress,
  readPullAddress,
  readRunAddress,
} from '../address.ts';
import { fetchResults } from '../fetch.ts';
import { connectTo, readPull } from '../forge.ts';
import { readRunTrigger } from './earlier.ts';
import { findRecipe } from './folder.ts';
import type { Wanted } from './wanted.ts';

/** What is given to ccci-stage, and what it is to be compared with. */
export type Work = {
  /** A trigger by hand. */
  readonly line: object;
  /** In words: `recipes/ghost#3, commit 720faa0bebc4`. */
  readonly says: string;
  readonly earlier: Results | null;
};

type Surroundings = Pick<LoadedConfig, 'forges'> & { readonly cwd: string; readonly signal: AbortSignal };

/** Finds out what a folder or an address means. `Failure` 65 for what cannot be tested, 69 for what does not answer. */
export async function readWork(target: string, wanted: Wanted, around: Surroundings): Promise<Work> {
  if (!isWebAddress(target)) return await ofFolder(target, wanted, around.cwd);
  const pull = readPullAddress(target);
  if (pull !== null) return await ofPull(pull, wanted, around);
  const run = readRunAddress(target);
  if (run !== null) return await ofRun(run, wanted, around);
  if (otherPage.test(new URL(target).pathname)) throw noRecipe(target);
  const line = { type: 'trigger', repo: target, ...given(wanted) };
  return { line, says: `${target}, ${wanted.ref ?? 'HEAD'}`, earlier: null };
}

/** Pages that a forge has beside those of pull requests, which git would be asked for in vain. */
const otherPage =
  /^(?:\/[^/]+){2,}\/(?:-\/)?(?:issues|pulls?|merge_requests|src|commits?|releases|branches|tags|wiki|actions)(?:\/.*)?$/;

function noRecipe(target: string): Failure {
  const message = `${target} is no pull request, no run and no repository`;
  return new Failure(exitStatus.badInput, 'not-a-recipe', message, {
    hint: 'name a pull request of Gitea or Forgejo (https://HOST/OWNER/NAME/pulls/3), the page of a run, or what git clones',
  });
}

async function ofFolder(target: string, wanted: Wanted, cwd: string): Promise<Work> {
  const repo = await findRecipe(target, cwd);
  const as = wanted.ref === undefined ? { worktree: true } : {};
  const says = `${basename(repo)}, ${wanted.ref ?? 'as it is in this folder'}`;
  return { line: { type: 'trigger', repo, ...as, ...given(wanted) }, says, earlier: null };
}

/** The trigger that poll would write, but by hand: nothing is claimed or posted for it. */
async function ofPull(address: PullAddress, wanted: Wanted, around: Surroundings): Promise<Work> {
  const { owner, name, number } = address;
  const client = await connectTo(address, around, around.signal);
  const pull = await readPull(client, address);
  const place = `${client.url}/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
  const ref = wanted.ref ?? pull.head.sha;
  if (!/^[0-9a-f]{40}$/.test(pull.base.sha) || !/^[0-9a-f]{7,40}$/.test(ref)) {
    const message = `${owner}/${name}#${number} has no commit ${JSON.stringify(ref)}`;
    throw new Failure(exitStatus.badInput, 'no-commit', message, { hint: 'give --ref a commit of it' });
  }
  const commit = pull.head.sha.startsWith(ref) ? pull.head.sha : ref;
  const line = {
    type: 'trigger',
    ...{ owner, name, recipe: name.toLowerCase(), repo: `${place}.git` },
    pr: {
      ...{ number, url: `${place}/pulls/${number}`, title: pull.title, fork: pull.isForeign },
      ...{ base: pull.base, head: pull.head },
    },
    ...given({ ...wanted, ref: commit }),
  };
  return { line, says: `${owner}/${name}#${number}, commit ${commit.slice(0, 12)}`, earlier: null };
}

async function ofRun(address: RunAddress, wanted: Wanted, around: Surroundings): Promise<Work> {
  const earlier = await fetchResults(address, around.signal);
  const { recipe, repo, ref, pr, options } = await readRunTrigger(address, around.signal);
  const asked = Object.keys(wanted.options).length > 0 ? wanted.options : options;
  const line = {
    ...{ type: 'trigger', recipe, repo, ...(pr === undefined ? {} : { pr }) },
    ...given({ ref: wanted.ref ?? ref, options: asked }),
  };
  const isSame = wanted.ref === undefined && asked === options;
  const says = `what run ${address.id} tested: ${recipe}, commit ${ref.slice(0, 12)}`;
  return { line, says, earlier: isSame ? earlier : null };
}

function given({ ref, options }: Wanted): object {
  return { ...(ref === undefined ? {} : { ref }), options };
}
