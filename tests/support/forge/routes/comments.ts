import { canWrite } from '../access.ts';
import { type Answer, empty, json, problem } from '../answers.ts';
import {
  type Call,
  type CommentTarget,
  forComment,
  forIssue,
  forRepository,
  requiredText,
  unlessArchived,
} from '../call.ts';
import { commentsOf } from '../find.ts';
import { pagedOnDemand, total } from '../paging.ts';
import type { Route } from '../route.ts';
import { commentShape } from '../shapes/comment.ts';
import type { Issue, Repository } from '../store.ts';
import { isWithin, readWindow } from '../times.ts';
import { addEntry, editEntry, removeEntry } from '../write-comment.ts';

const scope = 'issue';
const one = '/repos/{owner}/{repo}/issues/comments/{id}';
const ofIssue = '/repos/{owner}/{repo}/issues/{index}/comments';

/** Comments of a repository, of an issue, and single ones. */
export const commentRoutes: readonly Route[] = [
  { method: 'GET', path: '/repos/{owner}/{repo}/issues/comments', scope, handle: forRepository(listAll) },
  { method: 'GET', path: ofIssue, scope, handle: forIssue(500, listOfIssue) },
  { method: 'POST', path: ofIssue, scope, handle: unlessArchived(forIssue(500, create)) },
  { method: 'GET', path: one, scope, handle: forComment(read) },
  { method: 'PATCH', path: one, scope, handle: unlessArchived(forComment(edit)) },
  { method: 'DELETE', path: one, scope, handle: forComment(remove) },
];

/** Without `page` everything comes, whatever `limit` says; X-Total-Count, but no Link. */
function listAll({ store, url }: Call, repository: Repository): Answer {
  const window = readWindow(url.searchParams);
  if ('status' in window) return window;
  const found = repository.issues
    .flatMap((issue) => commentsOf(issue).map((entry) => ({ issue, entry })))
    .filter(({ entry }) => isWithin(window, entry.updatedAt))
    .sort((a, b) => a.entry.createdAt - b.entry.createdAt || a.entry.id - b.entry.id);
  const shapes = pagedOnDemand(found, url.searchParams).map(({ issue, entry }) =>
    commentShape(store, repository, issue, entry),
  );
  return json(200, shapes, total(found.length));
}

/** Never cut into pages. */
function listOfIssue({ store, url }: Call, repository: Repository, issue: Issue): Answer {
  const window = readWindow(url.searchParams);
  if ('status' in window) return window;
  const found = commentsOf(issue).filter((entry) => isWithin(window, entry.updatedAt));
  const shapes = found.map((entry) => commentShape(store, repository, issue, entry));
  return json(200, shapes, total(found.length));
}

function create(call: Call, repository: Repository, issue: Issue): Answer {
  const body = requiredText(call, 'body');
  if (typeof body !== 'string') return body;
  if (issue.isLocked && !canWrite(call.store, call.asker, repository))
    return problem(403, 'You cannot comment on a locked issue.');
  const entry = addEntry(call.store, issue, { author: call.asker!, body });
  return json(201, commentShape(call.store, repository, issue, entry));
}

function read({ store }: Call, { repository, issue, entry }: CommentTarget): Answer {
  return entry.type === 'comment' ? json(200, commentShape(store, repository, issue, entry)) : empty(204);
}

function edit(call: Call, target: CommentTarget): Answer {
  const body = requiredText(call, 'body');
  if (typeof body !== 'string') return body;
  if (!mayChange(call, target)) return empty(403);
  if (target.entry.type !== 'comment') return empty(204);
  editEntry(call.store, target.entry, body);
  return json(200, commentShape(call.store, target.repository, target.issue, target.entry));
}

function remove(call: Call, target: CommentTarget): Answer {
  if (!mayChange(call, target)) return empty(403);
  if (target.entry.type === 'comment') removeEntry(call.store, target.issue, target.entry);
  return empty(204);
}

function mayChange({ store, asker }: Call, { repository, entry }: CommentTarget): boolean {
  return asker!.id === entry.authorId || canWrite(store, asker, repository);
}
