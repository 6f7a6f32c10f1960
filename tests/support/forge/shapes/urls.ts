import type { Entry, Issue, Repository, Store } from '../store.ts';

/** The web address of a repository. */
export function repositoryUrl(store: Store, repository: Repository): string {
  return `${store.url}/${repository.owner}/${repository.name}`;
}

/** The address of a repository in the API. */
export function repositoryApiUrl(store: Store, repository: Repository): string {
  return `${store.url}/api/v1/repos/${repository.owner}/${repository.name}`;
}

/** The web address of an issue or pull request. */
export function issueUrl(store: Store, repository: Repository, issue: Issue): string {
  return `${repositoryUrl(store, repository)}/${issue.pull ? 'pulls' : 'issues'}/${issue.number}`;
}

/** The three addresses of a comment; all are web addresses, and the one that does not apply is empty. */
export function commentUrls(store: Store, repository: Repository, issue: Issue, entry: Entry) {
  const url = issueUrl(store, repository, issue);
  return {
    html_url: `${url}#issuecomment-${entry.id}`,
    pull_request_url: issue.pull ? url : '',
    issue_url: issue.pull ? '' : url,
  };
}
