import type { ForgeConfig } from './forges.ts';

type Repository = { readonly owner: string; readonly name: string };

/**
 * Under which key a repository is enrolled at a forge: `<forge>/<organisation>` or `<forge>/<owner>/<repository>`, in
 * the letters of the configuration, as in `cursors.json` and `enrolled.json`; null when it is not. Names have no case.
 */
export function enrolmentKey(
  forge: string,
  { organisations, repositories }: Pick<ForgeConfig, 'organisations' | 'repositories'>,
  { owner, name }: Repository,
): string | null {
  const found = organisations.find(isSame(owner)) ?? repositories.find(isSame(`${owner}/${name}`)) ?? null;
  return found === null ? null : `${forge}/${found}`;
}

function isSame(name: string): (other: string) => boolean {
  return (other) => other.toLowerCase() === name.toLowerCase();
}
