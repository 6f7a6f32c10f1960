import { json, notFound } from '../answers.ts';
import { findAccount } from '../find.ts';
import type { Route } from '../route.ts';
import { userShape } from '../shapes/user.ts';

/** The token's own user, and anybody. */
export const userRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/user',
    scope: 'user',
    needsToken: true,
    handle: ({ store, asker }) => json(200, userShape(store, asker!, asker)),
  },
  {
    method: 'GET',
    path: '/users/{username}',
    scope: 'user',
    handle: ({ store, asker, params }) => {
      const account = findAccount(store, params.username!);
      if (account === undefined) return notFound(`user does not exist [uid: 0, name: ${params.username}]`);
      return json(200, userShape(store, account, asker));
    },
  },
];
