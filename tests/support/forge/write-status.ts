/** Commit statuses: appended, never changed. */
import { type Account, changed, type Repository, type Status, type Store } from './store.ts';

/** What a new status is made of; nothing of it is checked, as in Gitea. */
export type NewStatus = {
  readonly sha: string;
  readonly state: string;
  readonly context: string;
  readonly description: string;
  readonly targetUrl: string;
  readonly creator: Account;
};

/** Appends a status with the commit's next index; texts are trimmed. */
export function addStatus(store: Store, repository: Repository, given: NewStatus): Status {
  const status: Status = {
    index: statusesOf(repository, given.sha).length + 1,
    sha: given.sha,
    state: given.state,
    context: given.context.trim(),
    description: given.description.trim(),
    targetUrl: given.targetUrl.trim(),
    creatorId: given.creator.id,
    createdAt: store.now(),
  };
  repository.statuses.push(status);
  changed(store);
  return status;
}

/** All statuses of a commit in the order they came. */
export function statusesOf(repository: Repository, sha: string): Status[] {
  return repository.statuses.filter((status) => status.sha === sha);
}

/** The latest status of each context, in the order they came. */
export function latestOf(repository: Repository, sha: string): Status[] {
  const all = statusesOf(repository, sha);
  return all.filter((one) => !all.some((other) => other.context === one.context && other.index > one.index));
}
