import { isLocalPath } from '../git/address.ts';

export type SourceOptions = {
  /** Name of the recipe that is needed. */
  readonly name: string;
  /** Repository of the recipe that needs it: clone URL or path. */
  readonly repo: string;
  readonly allowLocal: boolean;
  /** `stage.dependencies` of the configuration: name to clone URL or absolute path. */
  readonly repositories: Readonly<Record<string, string>>;
};

/** Where the repository of a dependency may be, the likeliest first; `allowLocal` where the operator named it. */
export type Source = { readonly repo: string; readonly allowLocal: boolean };

/**
 * What the operator's configuration says; else beside the recipe's own repository: the same forge and organisation, or
 * the same folder, as a checkout or a bare repository. Pure. Source: docs/dependencies.md.
 */
export function dependencySources({ name, repo, allowLocal, repositories }: SourceOptions): Source[] {
  const told = Object.hasOwn(repositories, name) ? repositories[name] : undefined;
  if (told !== undefined) return [{ repo: told, allowLocal: true }];
  const path = repo.replace(/\/+$/, '');
  const parent = path.slice(0, path.lastIndexOf('/'));
  const suffix = path.endsWith('.git') ? '.git' : '';
  if (!isLocalPath(repo)) return [{ repo: `${parent}/${name}${suffix}`, allowLocal }];
  const other = suffix === '' ? '.git' : '';
  return [suffix, other].map((end) => ({ repo: `${parent}/${name}${end}`, allowLocal }));
}
