import { canRead } from '../access.ts';
import { type Answer, json, problem } from '../answers.ts';
import { type Call, forIssue, forRepository } from '../call.ts';
import { findAccount } from '../find.ts';
import { defaultLimit, paged, searchLimit } from '../paging.ts';
import type { Route } from '../route.ts';
import { issueShape } from '../shapes/issue.ts';
import type { Issue, Repository } from '../store.ts';
import { isWithin, readWindow } from '../times.ts';

const scope = 'issue';

/** The search over all repositories, the list of one, and one issue or pull request. */
export const issueRoutes: readonly Route[] = [
  { method: 'GET', path: '/repos/issues/search', scope, handle: search },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues',
    scope,
    handle: forRepository((call, repository) => list(call, [repository], defaultLimit)),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/{index}',
    scope,
    handle: forIssue(404, ({ store }, repository, issue) => json(200, issueShape(store, repository, issue))),
  },
];

function search(call: Call): Answer {
  const { store, asker, url } = call;
  const owner = url.searchParams.get('owner') ?? '';
  const account = findAccount(store, owner);
  if (owner !== '' && account === undefined)
    return problem(400, `user does not exist [uid: 0, name: ${owner}]`);
  const visible = store.repositories.filter((one) => canRead(store, asker, one));
  const owned = account === undefined ? visible : visible.filter((one) => one.owner === account.login);
  return list(call, owned, searchLimit);
}

/** `since` and `before` look at the time of the update, the order is that of creation, newest first. */
function list({ store, url }: Call, repositories: readonly Repository[], limit: number): Answer {
  const window = readWindow(url.searchParams);
  if ('status' in window) return window;
  const wanted = filter(url.searchParams);
  const found = repositories
    .flatMap((repository) => repository.issues.map((issue) => ({ repository, issue })))
    .filter(({ issue }) => isWithin(window, issue.updatedAt) && wanted(issue))
    .sort((a, b) => b.issue.createdAt - a.issue.createdAt || b.issue.id - a.issue.id);
  const { items, headers } = paged(found, url, limit);
  const shapes = items.map(({ repository, issue }) => issueShape(store, repository, issue));
  return json(200, shapes, headers);
}

/** An unknown `state` means open and an unknown `type` means both, as in Gitea. */
function filter(query: URLSearchParams): (issue: Issue) => boolean {
  const state = query.get('state');
  const type = query.get('type');
  return (issue) => {
    const isOfState = state === 'all' || (issue.closedAt !== null) === (state === 'closed');
    return isOfState && (type === 'pulls' ? issue.pull !== null : type !== 'issues' || issue.pull === null);
  };
}
