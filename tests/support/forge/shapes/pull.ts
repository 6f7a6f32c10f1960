import { accountById, repositoryById } from '../find.ts';
import { branchCommit, resolveCommit } from '../git.ts';
import type { Account, Issue, Pull, Repository, Store } from '../store.ts';
import { instant } from '../times.ts';
import { common, isDraft } from './issue.ts';
import { repositoryShape } from './repository.ts';
import { issueUrl } from './urls.ts';
import { userShape } from './user.ts';

/** A `PullRequest`; `url` is a web address, and both commits are read from git now. */
export function pullShape(store: Store, repository: Repository, issue: Issue, asker: Account | null) {
  const pull = issue.pull!;
  const url = issueUrl(store, repository, issue);
  return {
    ...common(store, issue),
    id: pull.id,
    url,
    html_url: url,
    diff_url: `${url}.diff`,
    patch_url: `${url}.patch`,
    draft: isDraft(issue),
    requested_reviewers: null,
    requested_reviewers_teams: null,
    mergeable: pull.merged === null,
    merged: pull.merged !== null,
    merged_at: pull.merged && instant(store, pull.merged.at),
    merge_commit_sha: pull.merged?.sha ?? null,
    merged_by: pull.merged && userShape(store, accountById(store, pull.merged.byId)),
    allow_maintainer_edit: false,
    merge_base: pull.mergeBase,
    base: base(store, repository, pull, asker),
    head: head(store, repository, issue, asker),
  };
}

function base(store: Store, repository: Repository, pull: Pull, asker: Account | null) {
  return {
    label: pull.baseBranch,
    ref: pull.baseBranch,
    sha: branchCommit(repository.path, pull.baseBranch) ?? '',
    repo_id: repository.id,
    repo: repositoryShape(store, repository, asker),
  };
}

/** A deleted fork leaves `repo` null and -1; a deleted branch leaves the name of the kept ref (both quirks are Gitea's). */
function head(store: Store, repository: Repository, issue: Issue, asker: Account | null) {
  const pull = issue.pull!;
  const source = repositoryById(store, pull.headRepositoryId);
  const kept = `refs/pull/${issue.number}/head`;
  const branch = source && branchCommit(source.path, pull.headBranch);
  return {
    label: pull.headBranch,
    ref: branch ? pull.headBranch : kept,
    sha: branch ?? resolveCommit(repository.path, kept) ?? '',
    repo_id: source?.id ?? -1,
    repo: source ? repositoryShape(store, source, asker) : null,
  };
}
