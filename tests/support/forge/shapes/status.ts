import { accountById } from '../find.ts';
import type { Account, Repository, Status, Store } from '../store.ts';
import { instant } from '../times.ts';
import { repositoryShape } from './repository.ts';
import { repositoryApiUrl } from './urls.ts';
import { userShape } from './user.ts';

/** A `CommitStatus`: the field that a request calls `state` is `status` here. */
export function statusShape(store: Store, repository: Repository, status: Status) {
  return {
    id: status.index,
    status: status.state,
    target_url: status.targetUrl,
    description: status.description,
    url: `${repositoryApiUrl(store, repository)}/statuses/${status.sha}`,
    context: status.context,
    creator: userShape(store, accountById(store, status.creatorId)),
    created_at: instant(store, status.createdAt),
    updated_at: instant(store, status.createdAt),
  };
}

/** A `CombinedStatus` of the latest status of each context; `statuses` is null and `state` empty where there is none. */
export function combinedShape(
  store: Store,
  repository: Repository,
  { sha, latest, asker }: { sha: string; latest: readonly Status[]; asker: Account | null },
) {
  const commit = `${repositoryApiUrl(store, repository)}/commits/${sha}`;
  return {
    state: combinedState(latest),
    sha,
    total_count: latest.length,
    statuses: latest.length > 0 ? latest.map((status) => statusShape(store, repository, status)) : null,
    repository: repositoryShape(store, repository, asker),
    commit_url: commit,
    url: `${commit}/status`,
  };
}

/** Since 1.25: any error or failure is failure; only success, warning and skipped is success; else pending. */
function combinedState(latest: readonly Status[]): string {
  if (latest.length === 0) return '';
  const states = latest.map((status) => status.state);
  if (states.some((state) => state === 'error' || state === 'failure')) return 'failure';
  return states.every((state) => ['success', 'warning', 'skipped'].includes(state)) ? 'success' : 'pending';
}
