import { canRead } from '../access.ts';
import { type Answer, empty, json, notFound, redirect } from '../answers.ts';
import type { Call, Handler } from '../call.ts';
import { findAccount, findOrganisation } from '../find.ts';
import { paged } from '../paging.ts';
import type { Route } from '../route.ts';
import { repositoryShape } from '../shapes/repository.ts';
import type { Account, Organisation } from '../store.ts';

const scope = 'organization';

/** Members and repositories of an organisation. */
export const organisationRoutes: readonly Route[] = [
  { method: 'GET', path: '/orgs/{org}/repos', scope, handle: forOrganisation(listRepositories) },
  {
    method: 'GET',
    path: '/orgs/{org}/members/{username}',
    scope,
    needsToken: true,
    handle: forOrganisation((call, organisation) => forUser(call, isMember(call, organisation))),
  },
  {
    method: 'GET',
    path: '/orgs/{org}/public_members/{username}',
    scope,
    handle: forOrganisation((call, { publicMembers }) =>
      forUser(call, (user) => (publicMembers.has(user.id) ? empty(204) : notFound())),
    ),
  },
];

function forOrganisation(handle: (call: Call, organisation: Organisation) => Answer): Handler {
  return (call) => {
    const organisation = findOrganisation(call.store, call.params.org!);
    return organisation === undefined ? notFound() : handle(call, organisation);
  };
}

function forUser(call: Call, handle: (user: Account) => Answer): Answer {
  const name = call.params.username!;
  const user = findAccount(call.store, name);
  return user === undefined ? notFound(`user does not exist [uid: 0, name: ${name}]`) : handle(user);
}

/** 204 or 404 for members and site administrators; others hear 404 about themselves and 303 about anybody else. */
function isMember({ asker }: Call, { login, members }: Organisation): (user: Account) => Answer {
  return (user) => {
    if (members.has(asker!.id) || asker!.isAdmin) return members.has(user.id) ? empty(204) : notFound();
    if (asker!.id === user.id) return notFound();
    return redirect(303, `/api/v1/orgs/${login}/public_members/${user.login}`);
  };
}

/**
 * In the order of their ids. Whoever is signed in has the private ones counted too, and only then is left out what
 * the asker may not see: a page may be short, and the total more than what comes (Gitea: listUserRepos).
 */
function listRepositories({ store, asker, url }: Call, { login }: Organisation): Answer {
  const all = store.repositories
    .filter((one) => one.owner === login && (asker !== null || !one.isPrivate))
    .sort((a, b) => a.id - b.id);
  const { items, headers } = paged(all, url);
  const visible = items.filter((one) => canRead(store, asker, one));
  return json(
    200,
    visible.map((one) => repositoryShape(store, one, asker)),
    headers,
  );
}
