import type { RepositoryName } from './types.ts';

/** `/repos/<owner>/<name>/…`, each part encoded. */
export function repositoryPath(
  { owner, name }: RepositoryName,
  ...parts: readonly (string | number)[]
): string {
  return joinPath('repos', owner, name, ...parts);
}

/** A path of the API, each part encoded. */
export function joinPath(...parts: readonly (string | number)[]): string {
  return parts.map((part) => `/${encodeURIComponent(part)}`).join('');
}
