import { json, notFound, problem } from '../answers.ts';
import { type Call, forRepository } from '../call.ts';
import { branchCommit, git, resolveCommit } from '../git.ts';
import { paged, total } from '../paging.ts';
import type { Route } from '../route.ts';
import { branchShape, commitShape, readCommits } from '../shapes/commit.ts';
import { repositoryShape } from '../shapes/repository.ts';
import { readTags, tagShape } from '../shapes/tag.ts';
import type { Repository } from '../store.ts';

const scope = 'repository';

/** Repositories, branches, tags and commits. */
export const repositoryRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}',
    scope,
    handle: forRepository((call, repository) =>
      json(200, repositoryShape(call.store, repository, call.asker)),
    ),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/branches/{branch}',
    scope,
    handle: forRepository(readBranch),
  },
  { method: 'GET', path: '/repos/{owner}/{repo}/tags', scope, handle: forRepository(listTags) },
  { method: 'GET', path: '/repos/{owner}/{repo}/commits', scope, handle: forRepository(listCommits) },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/commits/{sha}',
    scope,
    handle: forRepository(readCommit),
  },
];

function readBranch({ store, params }: Call, repository: Repository) {
  const name = params.branch!;
  const sha = branchCommit(repository.path, name);
  if (sha === null) return notFound(`branch does not exist [repo_id: ${repository.id} name: ${name}]`);
  return json(200, branchShape(store, repository, name, readCommits(repository, sha, 1)[0]!));
}

/** Always in pages, newest first; no `Link`. */
function listTags({ store, url }: Call, repository: Repository) {
  const all = readTags(repository);
  const { items } = paged(all, url);
  const shapes = items.map((tag) => tagShape(store, repository, tag));
  return json(200, shapes, total(all.length));
}

function listCommits({ store, url }: Call, repository: Repository) {
  const ref = resolveCommit(repository.path, url.searchParams.get('sha') || 'HEAD');
  if (ref === null) return notFound();
  const count = Number(git(repository.path, 'rev-list', '--count', ref));
  const { items, headers } = paged(
    Array.from({ length: count }, (_, at) => at),
    url,
  );
  const commits = items.length > 0 ? readCommits(repository, ref, items.length, items[0]) : [];
  const shapes = commits.map((commit) => commitShape(store, repository, commit));
  return json(200, shapes, headers);
}

function readCommit({ store, params }: Call, repository: Repository) {
  const sha = params.sha!;
  if (!/^[0-9a-f]{4,64}$/i.test(sha)) return problem(422, `no valid ref or sha: ${sha}`);
  const found = resolveCommit(repository.path, sha);
  if (found === null) return notFound(`object does not exist [id: ${sha}, rel_path: ]`);
  return json(200, commitShape(store, repository, readCommits(repository, found, 1)[0]!));
}
