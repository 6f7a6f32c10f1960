import { type Answer, json } from '../answers.ts';
import { type Call, forIssue } from '../call.ts';
import { inOrder } from '../find.ts';
import { pagedOnDemand, total } from '../paging.ts';
import type { Route } from '../route.ts';
import { timelineShape } from '../shapes/comment.ts';
import type { Issue, Repository } from '../store.ts';
import { isWithin, readWindow } from '../times.ts';

/** Comments and events of an issue. */
export const timelineRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/{index}/timeline',
    scope: 'issue',
    handle: forIssue(500, list),
  },
];

/** The word null where there is nothing (a nil slice in Go); X-Total-Count counts this page alone. */
function list({ store, url }: Call, repository: Repository, issue: Issue): Answer {
  const window = readWindow(url.searchParams);
  if ('status' in window) return window;
  const found = inOrder(issue.entries).filter((entry) => isWithin(window, entry.updatedAt));
  const items = pagedOnDemand(found, url.searchParams);
  const shapes = items.map((entry) => timelineShape(store, repository, issue, entry));
  return json(200, shapes.length > 0 ? shapes : null, total(shapes.length));
}
