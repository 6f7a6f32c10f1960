/** Opening, moving, closing and merging pull requests, in the store and in git. */
import { branchCommit, git, gitWithInput, isAncestor, mergeBase } from './git.ts';
import { writeRef } from './refs.ts';
import { type Account, changed, type Issue, type Pull, type Repository, type Store } from './store.ts';
import { addEntry } from './write-comment.ts';

/** What a new issue is made of. */
export type NewIssue = {
  readonly title: string;
  readonly body?: string;
  readonly author: Account;
  readonly createdAt?: number;
};

/** What a new pull request is made of; `source` is the repository of the head branch. */
export type NewPull = NewIssue & {
  readonly source: Repository;
  readonly head: string;
  readonly base: string;
  /** Asked of git unless given. */
  readonly mergeBase?: string;
};

/** Opens an issue, or with `pull` a pull request. */
export function addIssue(
  store: Store,
  repository: Repository,
  given: NewIssue,
  pull: Pull | null = null,
): Issue {
  const createdAt = given.createdAt ?? store.now();
  const issue: Issue = {
    id: store.nextId('issue'),
    repositoryId: repository.id,
    number: repository.issues.length + 1,
    title: given.title,
    body: given.body ?? '',
    authorId: given.author.id,
    createdAt,
    updatedAt: createdAt,
    closedAt: null,
    isLocked: false,
    pull,
    entries: [],
  };
  repository.issues.push(issue);
  changed(store);
  return issue;
}

/** Opens a pull request and writes refs/pull/N/head; the branch must exist. */
export function addPull(store: Store, repository: Repository, given: NewPull): Issue {
  const headSha = branchCommit(given.source.path, given.head);
  if (headSha === null) throw new Error(`no branch ${given.head} in ${given.source.path}`);
  setHead(repository, repository.issues.length + 1, { source: given.source, sha: headSha });
  const pull: Pull = {
    id: store.nextId('pull'),
    headRepositoryId: given.source.id,
    headBranch: given.head,
    baseBranch: given.base,
    headSha,
    mergeBase: given.mergeBase ?? mergeBase(repository.path, `refs/heads/${given.base}`, headSha),
    merged: null,
  };
  return addIssue(store, repository, given, pull);
}

/** Opens several pull requests for one branch of the repository itself, with as few calls of git as for one. */
export function addPulls(store: Store, repository: Repository, given: NewPull, count: number): Issue[] {
  const first = addPull(store, repository, given);
  const others = Array.from({ length: count - 1 }, () =>
    addIssue(store, repository, given, { ...first.pull!, id: store.nextId('pull') }),
  );
  const { headSha } = first.pull!;
  const lines = others.map(({ number }) => `update refs/pull/${number}/head ${headSha}\n`);
  if (lines.length > 0) gitWithInput(repository.path, lines.join(''), 'update-ref', '--stdin');
  return [first, ...others];
}

/** Moves the head (branch and refs/pull/N/head) to a commit of the source, and says so in the timeline. */
export function pushPull(
  store: Store,
  at: { repository: Repository; source: Repository; issue: Issue; author: Account },
  sha: string,
): void {
  const { repository, source, issue } = at;
  const pull = issue.pull!;
  const old = pull.headSha;
  git(source.path, 'update-ref', `refs/heads/${pull.headBranch}`, sha);
  setHead(repository, issue.number, { source, sha });
  pull.headSha = sha;
  pull.mergeBase = mergeBase(repository.path, `refs/heads/${pull.baseBranch}`, sha);
  const isForced = !isAncestor(repository.path, old, sha);
  const made = git(repository.path, 'rev-list', '--reverse', `${old}..${sha}`).split('\n');
  const body = JSON.stringify({ is_force_push: isForced, commit_ids: isForced ? [old, sha] : made });
  addEntry(store, issue, { author: at.author, body, type: 'pull_push' });
}

/** Closes or opens again; no-op where it is so already. */
export function setClosed(store: Store, issue: Issue, author: Account, isClosed: boolean): void {
  if ((issue.closedAt !== null) === isClosed) return;
  issue.closedAt = isClosed ? store.now() : null;
  addEntry(store, issue, { author, body: '', type: isClosed ? 'close' : 'reopen' });
}

/** Merges with a merge commit on the base branch, and closes. */
export function mergePull(store: Store, repository: Repository, issue: Issue, author: Account): string {
  const pull = issue.pull!;
  const base = `refs/heads/${pull.baseBranch}`;
  const tree = git(repository.path, 'merge-tree', '--write-tree', base, pull.headSha).split('\n')[0]!;
  const message = `Merge pull request '${issue.title}' (#${issue.number})`;
  const parents = ['-p', base, '-p', pull.headSha];
  const sha = git(repository.path, 'commit-tree', tree, ...parents, '-m', message);
  git(repository.path, 'update-ref', base, sha);
  pull.merged = { at: store.now(), sha, byId: author.id };
  issue.closedAt = store.now();
  addEntry(store, issue, { author, body: '', type: 'merge_pull' });
  return sha;
}

/** Fetching from a fork brings its objects along; inside one repository the reference is enough. */
function setHead(
  repository: Repository,
  number: number,
  { source, sha }: { source: Repository; sha: string },
) {
  const kept = `refs/pull/${number}/head`;
  if (source.id !== repository.id)
    git(repository.path, '-c', 'uploadpack.allowAnySHA1InWant=true', 'fetch', '-q', source.path, sha);
  writeRef(repository.path, kept, sha);
}
