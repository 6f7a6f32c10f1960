import { readPages } from './pages.ts';
import { joinPath } from './paths.ts';
import type { Requester } from './request.ts';
import { repositoryShape } from './shapes.ts';
import type { ForgeRepository } from './types.ts';

/** Which repositories there are. */
export function makeRepositoryCalls(requester: Requester) {
  return {
    /** All repositories of an organisation that the token may see. */
    listRepositories: async (owner: string): Promise<readonly ForgeRepository[]> => {
      const path = joinPath('orgs', owner, 'repos');
      return (await readPages(requester, { method: 'GET', path }, repositoryShape)).items;
    },
  };
}
