import { accountById, commentsOf } from '../find.ts';
import type { Issue, Repository, Store } from '../store.ts';
import { instant } from '../times.ts';
import { repositoryMeta } from './repository.ts';
import { issueUrl, repositoryApiUrl } from './urls.ts';
import { userShape } from './user.ts';

/** An `Issue`, which a pull request is too; it has no commit in it. */
export function issueShape(store: Store, repository: Repository, issue: Issue) {
  const { pull } = issue;
  return {
    ...common(store, issue),
    id: issue.id,
    url: `${repositoryApiUrl(store, repository)}/issues/${issue.number}`,
    html_url: issueUrl(store, repository, issue),
    original_author: '',
    original_author_id: 0,
    ref: '',
    assets: [],
    time_estimate: 0,
    pull_request: pull && {
      merged: pull.merged !== null,
      merged_at: pull.merged && instant(store, pull.merged.at),
      draft: isDraft(issue),
      html_url: issueUrl(store, repository, issue),
    },
    repository: repositoryMeta(repository),
  };
}

/** The fields that an issue and a pull request share. */
export function common(store: Store, issue: Issue) {
  return {
    number: issue.number,
    user: userShape(store, accountById(store, issue.authorId)),
    title: issue.title,
    body: issue.body,
    labels: [],
    milestone: null,
    assignee: null,
    assignees: null,
    state: issue.closedAt === null ? 'open' : 'closed',
    is_locked: issue.isLocked,
    comments: commentsOf(issue).length,
    created_at: instant(store, issue.createdAt),
    updated_at: instant(store, issue.updatedAt),
    closed_at: issue.closedAt === null ? null : instant(store, issue.closedAt),
    due_date: null,
    pin_order: 0,
  };
}

/** Gitea knows drafts by their title (`[repository.pull-request] WORK_IN_PROGRESS_PREFIXES`). */
export function isDraft(issue: Issue): boolean {
  return /^(WIP:|\[WIP\])/i.test(issue.title);
}
