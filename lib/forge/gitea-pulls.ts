import { readWhole } from './pages.ts';
import { repositoryPath } from './paths.ts';
import type { Requester } from './request.ts';
import { pullShape, timelineShape } from './shapes.ts';
import type { ForgePull, RepositoryName, TimelineEntry } from './types.ts';

/** Single pull requests and what happened to them. */
export function makePullCalls(requester: Requester) {
  return {
    /** One pull request with its commits; null when it is not there (any more). */
    pull: async (repository: RepositoryName, number: number): Promise<ForgePull | null> => {
      const path = repositoryPath(repository, 'pulls', number);
      const reply = await requester.ask({ method: 'GET', path, accept: [404] });
      return reply.status === 404 ? null : requester.read(reply, pullShape);
    },

    /** What happened to a pull request in or after the second `since`, oldest first. */
    timeline: async (
      repository: RepositoryName,
      number: number,
      { since }: { readonly since: string },
    ): Promise<readonly TimelineEntry[]> => {
      const path = repositoryPath(repository, 'issues', number, 'timeline');
      return (await readWhole(requester, { method: 'GET', path, query: { since } }, timelineShape)).items;
    },
  };
}
