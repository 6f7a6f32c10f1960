import { type Answer, json, notFound } from '../answers.ts';
import { type Call, forIssue, forRepository } from '../call.ts';
import { paged } from '../paging.ts';
import type { Route } from '../route.ts';
import { pullShape } from '../shapes/pull.ts';
import type { Issue, Repository } from '../store.ts';

const scope = 'repository';

/** Pull requests with their commits. */
export const pullRoutes: readonly Route[] = [
  { method: 'GET', path: '/repos/{owner}/{repo}/pulls', scope, handle: forRepository(list) },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls/{index}',
    scope,
    handle: forIssue(404, ({ store, asker }, repository, issue) =>
      issue.pull === null ? notFound() : json(200, pullShape(store, repository, issue, asker)),
    ),
  },
];

/** Always in pages; `state` is open unless it says otherwise. */
function list({ store, url, asker }: Call, repository: Repository): Answer {
  if (!repository.hasPulls) return notFound();
  const state = url.searchParams.get('state') || 'open';
  const found = repository.issues
    .filter((issue) => issue.pull !== null)
    .filter((issue) => state === 'all' || (issue.closedAt === null) === (state === 'open'))
    .sort(order(url.searchParams.get('sort')));
  const { items, headers } = paged(found, url);
  const shapes = items.map((issue) => pullShape(store, repository, issue, asker));
  return json(200, shapes, headers);
}

function order(sort: string | null): (a: Issue, b: Issue) => number {
  const created = (a: Issue, b: Issue) => b.createdAt - a.createdAt || b.id - a.id;
  if (sort === 'oldest') return (a, b) => -created(a, b);
  if (sort === 'recentupdate') return (a, b) => b.updatedAt - a.updatedAt || created(a, b);
  if (sort === 'leastupdate') return (a, b) => a.updatedAt - b.updatedAt || created(a, b);
  return created;
}
