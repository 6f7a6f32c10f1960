import { gitOk } from './run.ts';

/** A tag that names a commit. `annotated` tells a published version from a lightweight mark (coopcloud.md). */
export type Tag = { readonly name: string; readonly commit: string; readonly annotated: boolean };

/** All tags of the repository in the folder that lead to a commit, by name. */
export async function listTags(dir: string, signal?: AbortSignal): Promise<Tag[]> {
  const format = '%(refname:strip=2)%00%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)';
  const text = await gitOk(['-C', dir, 'for-each-ref', `--format=${format}`, 'refs/tags'], { signal });
  const tags = text.split('\n').flatMap((line) => readLine(line));
  return tags.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Names of the tags that are in the history of a commit, itself included. */
export async function tagsMerged(
  dir: string,
  commit: string,
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  const args = ['-C', dir, 'for-each-ref', `--merged=${commit}`, '--format=%(refname:strip=2)', 'refs/tags'];
  const text = await gitOk(args, { signal });
  return new Set(text.split('\n').filter((name) => name !== ''));
}

function readLine(line: string): Tag[] {
  const [name, type, object, innerType, inner] = line.split('\0');
  if (name === undefined || name === '' || object === undefined) return [];
  if (type === 'commit') return [{ name, commit: object, annotated: false }];
  if (type === 'tag' && innerType === 'commit' && inner !== undefined)
    return [{ name, commit: inner, annotated: true }];
  return [];
}
