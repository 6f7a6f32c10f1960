import { type ForgeError, isAway, isForgeError } from '@ccci/lib/forge/forge-error.ts';
import type { ForgeClient } from '@ccci/lib/forge/gitea.ts';
import type { FoundPull, Listing, RepositoryName } from '@ccci/lib/forge/types.ts';

/** What moved; `errors` are of repositories that could not be asked, so that it is not all. */
export type PullListing = Listing<FoundPull> & { readonly errors: readonly ForgeError[] };

/** Lists the pull requests that moved in or after the second `since`; throws a `ForgeError` when nothing is known. */
export type ListPulls = (since: string, isSweep: boolean) => Promise<PullListing>;

/** Of a single repository. */
export function repositoryPulls(client: ForgeClient, repository: RepositoryName): ListPulls {
  return async (since) => ({ ...(await client.repositoryPulls(repository, { since })), errors: [] });
}

/**
 * Of an organisation: one search. A forge that has none is asked for each repository; which there are, and whether
 * it has a search now, is asked again at each sweep. `say` is told once.
 */
export function organisationPulls(
  client: ForgeClient,
  owner: string,
  say: (message: string) => void,
): ListPulls {
  let repositories: readonly RepositoryName[] | null = null;
  let isSaid = false;
  const missing = new Set<string>();
  return async (since, isSweep) => {
    if (repositories === null || isSweep) {
      const found = await search(client, owner, since);
      repositories = null;
      if (!isForgeError(found)) return { ...found, errors: [] };
      if (!isSaid) say(`${found.message}; so each repository of ${owner} is asked on its own`);
      isSaid = true;
      repositories = (await client.listRepositories(owner)).repositories;
    }
    return listEach(client, repositories, { since, missing });
  };
}

/** What the search found, or why there is none; any other failure is thrown. */
async function search(
  client: ForgeClient,
  owner: string,
  since: string,
): Promise<Listing<FoundPull> | ForgeError> {
  try {
    return await client.searchPulls({ owner, since });
  } catch (error) {
    if (isForgeError(error) && isWithoutSearch(error)) return error;
    throw error;
  }
}

/** Half an answer says nothing; one of another shape says that something else lives at this address. */
function isWithoutSearch({ trouble, httpStatus, cause }: ForgeError): boolean {
  if (trouble === 'unreadable') return !(cause instanceof SyntaxError);
  return httpStatus === 404 || httpStatus === 405 || httpStatus === 501;
}

/**
 * One request for each; `at` is the clock of the first answer, and `since` where there was none. That a repository is
 * not there is believed when it is said twice: then it was removed, or has no pull requests.
 */
async function listEach(
  client: ForgeClient,
  repositories: readonly RepositoryName[],
  { since, missing }: { readonly since: string; readonly missing: Set<string> },
): Promise<PullListing> {
  const items: FoundPull[] = [];
  const errors: ForgeError[] = [];
  let at: string | undefined;
  for (const repository of repositories) {
    try {
      const found = await client.repositoryPulls(repository, { since });
      at ??= found.at;
      items.push(...found.items);
      missing.delete(repository.name);
    } catch (error) {
      if (!isForgeError(error) || isAway(error)) throw error;
      if (error.httpStatus === 404 && missing.has(repository.name)) continue;
      if (error.httpStatus === 404) missing.add(repository.name);
      errors.push(error);
    }
  }
  return { items, errors, at: at ?? since };
}
