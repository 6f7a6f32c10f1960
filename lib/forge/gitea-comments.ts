import { readWhole } from './pages.ts';
import { repositoryPath } from './paths.ts';
import type { Requester } from './request.ts';
import { commentShape } from './shapes.ts';
import type { ForgeComment, RepositoryName } from './types.ts';

/** Single comments, and the write side of them. There is no idempotency: after a lost answer, look first. */
export function makeCommentCalls(requester: Requester) {
  const one = (repository: RepositoryName, id: number) =>
    repositoryPath(repository, 'issues', 'comments', id);
  return {
    /** All comments of a pull request, oldest first. */
    listComments: async (repository: RepositoryName, number: number): Promise<readonly ForgeComment[]> => {
      const path = repositoryPath(repository, 'issues', number, 'comments');
      return (await readWhole(requester, { method: 'GET', path }, commentShape)).items;
    },

    /** One comment; null when it is gone. */
    readComment: async (repository: RepositoryName, id: number): Promise<ForgeComment | null> => {
      const reply = await requester.ask({ method: 'GET', path: one(repository, id), accept: [404] });
      return reply.status === 200 ? requester.read(reply, commentShape) : null;
    },

    createComment: async (
      repository: RepositoryName,
      number: number,
      body: string,
    ): Promise<ForgeComment> => {
      const path = repositoryPath(repository, 'issues', number, 'comments');
      return requester.read(await requester.ask({ method: 'POST', path, body: { body } }), commentShape);
    },

    /** Null when the comment is gone. */
    editComment: async (
      repository: RepositoryName,
      id: number,
      body: string,
    ): Promise<ForgeComment | null> => {
      const reply = await requester.ask({
        method: 'PATCH',
        path: one(repository, id),
        body: { body },
        accept: [404],
      });
      return reply.status === 200 ? requester.read(reply, commentShape) : null;
    },

    /** A comment that is gone already is no error. */
    deleteComment: async (repository: RepositoryName, id: number): Promise<void> => {
      await requester.ask({ method: 'DELETE', path: one(repository, id), accept: [404] });
    },

    /** Puts a reaction (`eyes`) on a comment; one that is there already is no error. */
    addReaction: async (repository: RepositoryName, commentId: number, content: string): Promise<void> => {
      await requester.ask({
        method: 'POST',
        path: `${one(repository, commentId)}/reactions`,
        body: { content },
      });
    },
  };
}
