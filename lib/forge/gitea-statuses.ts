import { readPages } from './pages.ts';
import { repositoryPath } from './paths.ts';
import type { Requester } from './request.ts';
import { statusShape } from './shapes.ts';
import type { ForgeStatus, NewStatus, RepositoryName } from './types.ts';

/** Commit statuses: appended, never changed. */
export function makeStatusCalls(requester: Requester) {
  return {
    /** Adds a status to a commit; of one context the last one wins. A commit that is not there is a 500. */
    createStatus: async (
      repository: RepositoryName,
      sha: string,
      status: NewStatus,
    ): Promise<ForgeStatus> => {
      const { state, context, description, targetUrl = '' } = status;
      const body = { state, context, description, target_url: targetUrl };
      const path = repositoryPath(repository, 'statuses', sha);
      return requester.read(await requester.ask({ method: 'POST', path, body }), statusShape);
    },

    /** All statuses of a commit, newest first. */
    listStatuses: async (repository: RepositoryName, sha: string): Promise<readonly ForgeStatus[]> => {
      const path = repositoryPath(repository, 'statuses', sha);
      const { items } = await readPages(requester, { method: 'GET', path }, statusShape);
      return [...new Map(items.map((status) => [status.id, status])).values()].sort((a, b) => b.id - a.id);
    },
  };
}
