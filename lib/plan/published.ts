import { type Tag, tagsMerged } from '../git/tags.ts';
import { compareVersions, parseVersion, type Version } from '../recipe/versions.ts';

export type PublishedQuestion = {
  readonly dir: string;
  readonly head: string;
  readonly dirty: boolean;
  readonly version: string | null;
  readonly tags: readonly Tag[];
  readonly target: { readonly commit: string } | null;
  readonly signal?: AbortSignal;
};

/**
 * Published versions (annotated tags) that an operator may have when this commit arrives, newest first: lower than
 * it, and in the history of the target branch, or of the commit where there is no pull request. What only the pull
 * request has is in no target's history.
 */
export async function publishedBelow(question: PublishedQuestion): Promise<Tag[]> {
  const { dir, head, dirty, version, target, signal } = question;
  const limit = version === null ? null : parseVersion(version);
  const merged = await tagsMerged(dir, target?.commit ?? head, signal);
  return question.tags
    .flatMap((tag) => {
      const parsed = tag.annotated && merged.has(tag.name) ? parseVersion(tag.name) : null;
      return parsed === null || (tag.commit === head && !dirty) ? [] : [{ tag, parsed }];
    })
    .filter(({ parsed }) => limit === null || compareVersions(parsed, limit) < 0)
    .sort((a, b) => compareVersions(b.parsed, a.parsed))
    .map(({ tag }) => tag);
}

/** The highest version among the tags of a commit; null where it has none. */
export function versionAt(tags: readonly Tag[], commit: string): string | null {
  const versions = tags
    .filter((tag) => tag.commit === commit)
    .map(({ name }) => parseVersion(name))
    .filter((version): version is Version => version !== null);
  return versions.sort(compareVersions).at(-1)?.text ?? null;
}
