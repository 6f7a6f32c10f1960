/** One request as the handlers see it, and the wrappers that find what its path names. */
import { canRead } from './access.ts';
import { type Answer, broken, notFound, problem, redirect } from './answers.ts';
import { findEntry, findIssue, findRenamed, findRepository } from './find.ts';
import type { Account, Entry, Issue, Repository, Store } from './store.ts';

/** A request after authentication; `body` is the parsed JSON or form, or null where neither was sent. */
export type Call = {
  readonly store: Store;
  readonly method: string;
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
  readonly asker: Account | null;
  readonly body: Readonly<Record<string, unknown>> | null;
};

export type Handler = (call: Call) => Answer;

/** Needs the repository of the path: 301 after a rename, 404 where the asker may not see it, 401 for anonymous writes. */
export function forRepository(handle: (call: Call, repository: Repository) => Answer): Handler {
  return (call) => {
    const { owner, repo } = call.params as { owner: string; repo: string };
    const repository = findRepository(call.store, owner, repo);
    if (repository === undefined) return moved(call) ?? notFound();
    if (!canRead(call.store, call.asker, repository)) return notFound();
    if (call.method === 'GET') return handle(call, repository);
    return call.asker === null ? problem(401, 'token is required') : handle(call, repository);
  };
}

/** Answers 423 where the repository of the path is archived; Gitea asks so for new and edited comments. */
export function unlessArchived(handle: Handler): Handler {
  return forRepository((call, { id, owner, name, isArchived }) =>
    isArchived ? problem(423, `<Repository ${id}:${owner}/${name}> is archived`) : handle(call),
  );
}

type IssueHandler = (call: Call, repository: Repository, issue: Issue) => Answer;

/** Needs the issue of the path; `missing` is 404 or, for comments and timeline up to Gitea 1.26, 500. */
export function forIssue(missing: 404 | 500, handle: IssueHandler): Handler {
  return forRepository((call, repository) => {
    const issue = findIssue(repository, Number(call.params.index));
    if (issue !== undefined) return handle(call, repository, issue);
    const reason = `issue does not exist [id: 0, repo_id: ${repository.id}, index: ${call.params.index}]`;
    return missing === 404 ? notFound() : broken(reason, call.asker?.isAdmin ?? false);
  });
}

/** What a handler of one comment gets. */
export type CommentTarget = {
  readonly repository: Repository;
  readonly issue: Issue;
  readonly entry: Entry;
};

/** Needs the comment of the path, in the repository of the path. */
export function forComment(handle: (call: Call, target: CommentTarget) => Answer): Handler {
  return forRepository((call, repository) => {
    const id = Number(call.params.id);
    const found = findEntry(call.store, id);
    if (found === undefined) return notFound(`comment does not exist [id: ${id}, issue_id: 0]`);
    return found.repository === repository ? handle(call, found) : { status: 404 };
  });
}

/** Reads a required text of the body; Gitea's binding answers 422 for an absent or empty one. */
export function requiredText(call: Call, field: string): string | Answer {
  if (call.body === null) return problem(422, '[]: Unsupported Content-Type');
  const value = call.body[field];
  const name = field[0]!.toUpperCase() + field.slice(1);
  return typeof value === 'string' && value.trim() !== '' ? value : problem(422, `[${name}]: Required`);
}

/** A 301 whose Location has the new name; `fetch` would turn a POST into a GET here. */
function moved({ store, params, url }: Call): Answer | undefined {
  const repository = findRenamed(store, params.owner!, params.repo!);
  if (repository === undefined) return undefined;
  const path = url.pathname.replace(
    `/${params.owner}/${params.repo}`,
    `/${repository.owner}/${repository.name}`,
  );
  return redirect(301, path + url.search);
}
