import { canWrite } from '../access.ts';
import { type Answer, broken, json, notFound, problem } from '../answers.ts';
import { type Call, forRepository, type Handler } from '../call.ts';
import { branchCommit, resolveCommit } from '../git.ts';
import { paged } from '../paging.ts';
import type { Route } from '../route.ts';
import { combinedShape, statusShape } from '../shapes/status.ts';
import type { Repository, Status } from '../store.ts';
import { addStatus, latestOf, statusesOf } from '../write-status.ts';

const scope = 'repository';
const base = '/repos/{owner}/{repo}';

/** Commit statuses: all, the combined one, and a new one. */
export const statusRoutes: readonly Route[] = [
  { method: 'GET', path: `${base}/statuses/{sha}`, scope, handle: forCommit('sha', list) },
  { method: 'POST', path: `${base}/statuses/{sha}`, scope, handle: forRepository(create) },
  { method: 'GET', path: `${base}/commits/{ref}/statuses`, scope, handle: forCommit('ref', list) },
  { method: 'GET', path: `${base}/commits/{ref}/status`, scope, handle: forCommit('ref', combined) },
];

type CommitHandler = (call: Call, repository: Repository, sha: string) => Answer;

/** Finds the commit by branch, tag or (short) hash. */
function forCommit(param: 'sha' | 'ref', handle: CommitHandler): Handler {
  return forRepository((call, repository) => {
    const name = call.params[param]!;
    const sha = branchCommit(repository.path, name) ?? resolveCommit(repository.path, name);
    return sha === null
      ? notFound(`object does not exist [id: ${name}, rel_path: ]`)
      : handle(call, repository, sha);
  });
}

function list({ store, url }: Call, repository: Repository, sha: string): Answer {
  const state = url.searchParams.get('state') ?? '';
  const found = statusesOf(repository, sha)
    .filter((status) => state === '' || status.state === state)
    .sort(order(url.searchParams.get('sort')));
  const { items, headers } = paged(found, url);
  const shapes = items.map((status) => statusShape(store, repository, status));
  return json(200, shapes, headers);
}

function combined({ store, url, asker }: Call, repository: Repository, sha: string): Answer {
  const { items, headers } = paged(latestOf(repository, sha), url);
  const shape = combinedShape(store, repository, { sha, latest: items, asker });
  return json(200, shape, headers);
}

/** Nothing of the body is checked; who may not write code gets 403, a commit that is not there 500. */
function create(call: Call, repository: Repository): Answer {
  const { store, asker, params, body } = call;
  if (!canWrite(store, asker, repository))
    return problem(403, 'user should have a permission to write to the repo');
  if (body === null) return problem(422, '[]: Unsupported Content-Type');
  const sha = resolveCommit(repository.path, params.sha!);
  if (sha === null) return broken(`object does not exist [id: ${params.sha}, rel_path: ]`, asker!.isAdmin);
  const text = (name: string) => String(body[name] ?? '');
  const status = addStatus(store, repository, {
    sha,
    state: text('state'),
    context: text('context'),
    description: text('description'),
    targetUrl: text('target_url'),
    creator: asker!,
  });
  return json(201, statusShape(store, repository, status));
}

/**
 * Gitea orders by `created_unix DESC` alone. What happens within one second is the database's choice;
 * here the older comes first, because that is the one that finds a client which takes the first for the latest.
 */
function order(sort: string | null): (a: Status, b: Status) => number {
  if (sort === 'leastindex') return (a, b) => b.index - a.index;
  if (sort === 'highestindex') return (a, b) => a.index - b.index;
  if (sort === 'oldest' || sort === 'leastupdate')
    return (a, b) => a.createdAt - b.createdAt || a.index - b.index;
  return (a, b) => b.createdAt - a.createdAt || a.index - b.index;
}
