import type { SweptKind } from '@ccci/lib/config/schema.ts';
import type { ForgePull } from '@ccci/lib/forge/types.ts';
import { newestBelow } from '@ccci/lib/recipe/versions.ts';
import { hashSchema } from '@ccci/lib/records/common.ts';
import type { EnrolledRepository } from './enrolled.ts';

/** One commit that is to be tested: the tip, or that of a pull request or version tag. */
export type Thing = { readonly ref: string; readonly pull?: ForgePull; readonly tag?: string };

/** Why something is not tested; counted under this name. */
export type Why =
  | 'archived'
  | 'empty'
  | 'turned off'
  | 'from a fork'
  | 'without a commit'
  | 'without a version'
  | 'without a pull request'
  | 'unchanged';

/** What is left out; `name` tells it apart within its repository. */
export type LeftOut = { readonly why: Why; readonly name?: string; readonly detail: string };

export type Found = {
  readonly things: readonly Thing[];
  readonly leftOut: readonly LeftOut[];
  /** What should be there and is not, in words. */
  readonly missing?: string;
};

/** Why nothing of a repository can be tested, told by its listing alone; null when something may. */
export function judgeRepository(repository: EnrolledRepository, of: SweptKind): LeftOut | null {
  const { isArchived, isEmpty, hasCode, hasPulls } = repository;
  if (isArchived) return { why: 'archived', detail: 'it is archived' };
  if (isEmpty) return { why: 'empty', detail: 'nothing was ever pushed' };
  if (!hasCode) return { why: 'turned off', detail: 'its code is turned off' };
  if (of === 'pulls' && !hasPulls) return { why: 'turned off', detail: 'its pull requests are turned off' };
  return null;
}

/** Asks for what there is to test in a repository: one request, and one more for each further 50. */
export async function findThings(repository: EnrolledRepository, of: SweptKind): Promise<Found> {
  const { client } = repository.forge;
  if (of === 'tags') return chooseTag(await client.listTags(repository));
  if (of === 'pulls') return choosePulls(await client.listOpenPulls(repository));
  const { defaultBranch } = repository;
  const ref = defaultBranch === '' ? null : await client.branchTip(repository, defaultBranch);
  if (isWhole(ref)) return { things: [{ ref }], leftOut: [] };
  return {
    things: [],
    leftOut: [],
    missing: `no commit of 40 digits on the default branch ${defaultBranch}`,
  };
}

/** The newest version by its number; of two that are equal the same one each time. */
function chooseTag(tags: readonly { readonly name: string; readonly commit: string }[]): Found {
  const names = tags.map(({ name }) => name).sort();
  const newest = newestBelow(names, null);
  const tag = tags.find(({ name }) => name === newest);
  if (tag === undefined) {
    const detail = tags.length === 0 ? 'it has no tag' : 'none of its tags is a version';
    return without({ why: 'without a version', detail });
  }
  if (isWhole(tag.commit)) return { things: [{ ref: tag.commit, tag: tag.name }], leftOut: [] };
  return without({ why: 'without a commit', name: tag.name, detail: 'it leads to no commit' });
}

function choosePulls(pulls: readonly ForgePull[]): Found {
  if (pulls.length === 0)
    return without({ why: 'without a pull request', detail: 'it has no open pull request' });
  const found = pulls.map(choosePull);
  return {
    things: found.flatMap(({ things }) => things),
    leftOut: found.flatMap(({ leftOut }) => leftOut),
  };
}

/** A fork's head is tested only where somebody who may has asked for exactly that commit (triggers.md, Who may). */
function choosePull(pull: ForgePull): Found {
  const name = `#${pull.number}`;
  if (pull.isForeign) {
    const detail =
      'it is from a fork, whose commits are tested only when somebody asks for them in a comment';
    return without({ why: 'from a fork', name, detail });
  }
  if (isWhole(pull.head.sha) && isWhole(pull.base.sha))
    return { things: [{ ref: pull.head.sha, pull }], leftOut: [] };
  return without({ why: 'without a commit', name, detail: 'it has no commit any more' });
}

function without(leftOut: LeftOut): Found {
  return { things: [], leftOut: [leftOut] };
}

function isWhole(ref: string | null): ref is string {
  return hashSchema.safeParse(ref).success;
}
