import { joinPath, repositoryPath } from './paths.ts';
import { branchShape, repositoryShape, tagShape } from './repository-shapes.ts';
import type { Ask, Requester } from './request.ts';
import { pullShape } from './shapes.ts';
import type { ForgePull, ForgeRepository, ForgeTag, RepositoryName } from './types.ts';
import { allOf, readAll } from './whole-list.ts';

/** Repositories, and what there is to test in each. Lists come whole or not at all. */
export function makeRepositoryCalls(requester: Requester) {
  return {
    /**
     * The repositories of an organisation that the token may see, and how many it may not: the forge counts them,
     * and leaves them out. One request for each 50.
     */
    listRepositories: async (
      owner: string,
    ): Promise<{ readonly repositories: readonly ForgeRepository[]; readonly hidden: number }> => {
      const ask = { method: 'GET', path: joinPath('orgs', owner, 'repos') } as const;
      const list = await readAll(requester, ask, { shape: repositoryShape, keyOf: ({ id }) => id });
      return { repositories: list.items, hidden: Math.max(0, (list.total ?? 0) - list.items.length) };
    },

    /** One repository, also by a name that it had before; null when it is not there, or not to be seen. */
    repository: async (repository: RepositoryName): Promise<ForgeRepository | null> => {
      const reply = await requester.ask({ method: 'GET', path: repositoryPath(repository), accept: [404] });
      return reply.status === 404 ? null : requester.read(reply, repositoryShape);
    },

    /** The commit of a branch; null when there is no such branch. */
    branchTip: async (repository: RepositoryName, branch: string): Promise<string | null> => {
      const path = repositoryPath(repository, 'branches', branch);
      const reply = await requester.ask({ method: 'GET', path, accept: [404] });
      return reply.status === 404 ? null : requester.read(reply, branchShape);
    },

    /** All tags. One request for each 50. */
    listTags: async (repository: RepositoryName): Promise<readonly ForgeTag[]> => {
      const ask: Ask = { method: 'GET', path: repositoryPath(repository, 'tags') };
      const list = await readAll(requester, ask, { shape: tagShape, keyOf: ({ name }) => name });
      return allOf(requester, ask, list);
    },

    /** All open pull requests with their commits, oldest first. One request for each 50. */
    listOpenPulls: async (repository: RepositoryName): Promise<readonly ForgePull[]> => {
      const path = repositoryPath(repository, 'pulls');
      const ask: Ask = { method: 'GET', path, query: { state: 'open', sort: 'oldest' } };
      const list = await readAll(requester, ask, { shape: pullShape, keyOf: ({ number }) => number });
      return allOf(requester, ask, list);
    },
  };
}
