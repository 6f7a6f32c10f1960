import { readPages, readWhole } from './pages.ts';
import { repositoryPath } from './paths.ts';
import type { Requester } from './request.ts';
import { commentShape, pullHitShape } from './shapes.ts';
import type { ForgeComment, FoundPull, Listing, RepositoryName } from './types.ts';

/** What moved: `since` is inclusive, in whole seconds, and compares the time of the update (forge-api.md, 1.1). */
export function makeSearchCalls(requester: Requester) {
  return {
    /** Pull requests, open and closed, of all repositories of an owner; one request as long as there are fewer than 50. */
    searchPulls: ({
      owner,
      since,
    }: {
      readonly owner: string;
      readonly since: string;
    }): Promise<Listing<FoundPull>> =>
      readPages(
        requester,
        { method: 'GET', path: '/repos/issues/search', query: { ...pulls, owner, since } },
        pullHitShape,
      ),

    /** The same of one repository. */
    repositoryPulls: (
      repository: RepositoryName,
      { since }: { readonly since: string },
    ): Promise<Listing<FoundPull>> =>
      readPages(
        requester,
        { method: 'GET', path: repositoryPath(repository, 'issues'), query: { ...pulls, since } },
        pullHitShape,
      ),

    /** All open pull requests of an owner, or of one repository of it. */
    searchOpenPulls: ({
      owner,
      name,
    }: {
      readonly owner: string;
      readonly name?: string | undefined;
    }): Promise<Listing<FoundPull>> => {
      const query = { type: 'pulls', state: 'open' } as const;
      return name === undefined
        ? readPages(
            requester,
            { method: 'GET', path: '/repos/issues/search', query: { ...query, owner } },
            pullHitShape,
          )
        : readPages(
            requester,
            { method: 'GET', path: repositoryPath({ owner, name }, 'issues'), query },
            pullHitShape,
          );
    },

    /** Comments of one pull request that were made or edited since, oldest first; no reviews. */
    issueComments: (
      repository: RepositoryName,
      number: number,
      { since }: { readonly since?: string } = {},
    ): Promise<Listing<ForgeComment>> =>
      readWhole(
        requester,
        {
          method: 'GET',
          path: repositoryPath(repository, 'issues', number, 'comments'),
          ...(since === undefined ? {} : { query: { since } }),
        },
        commentShape,
      ),
  };
}

const pulls = { type: 'pulls', state: 'all' } as const;
