import { canRead, canWrite } from '../access.ts';
import { findAccount } from '../find.ts';
import { defaultBranch, isEmpty } from '../git.ts';
import type { Account, Repository, Store } from '../store.ts';
import { instant, zeroTime } from '../times.ts';
import { repositoryApiUrl, repositoryUrl } from './urls.ts';
import { userShape } from './user.ts';

/** A `Repository` as `asker` sees it. */
export function repositoryShape(store: Store, repository: Repository, asker: Account | null): object {
  const parent = store.repositories.find((one) => one.id === repository.forkOf);
  return {
    id: repository.id,
    owner: userShape(store, findAccount(store, repository.owner)!),
    name: repository.name,
    full_name: `${repository.owner}/${repository.name}`,
    ...addresses(store, repository),
    ...settings,
    private: repository.isPrivate,
    archived: repository.isArchived,
    empty: isEmpty(repository.path),
    has_pull_requests: repository.hasPulls,
    fork: repository.forkOf !== null,
    ...(parent && { parent: repositoryShape(store, { ...parent, forkOf: null }, asker) }),
    default_branch: defaultBranch(repository.path),
    ...counters(store, repository),
    created_at: instant(store, repository.createdAt),
    updated_at: instant(store, repository.createdAt),
    archived_at: zeroTime,
    mirror_updated: zeroTime,
    permissions: {
      admin: asker?.isAdmin ?? false,
      push: canWrite(store, asker, repository),
      pull: canRead(store, asker, repository),
    },
  };
}

/** The short form inside an issue; `owner` is a string here. */
export function repositoryMeta(repository: Repository) {
  const { id, name, owner } = repository;
  return { id, name, owner, full_name: `${owner}/${name}` };
}

function addresses(store: Store, repository: Repository) {
  const url = repositoryUrl(store, repository);
  const api = repositoryApiUrl(store, repository);
  return {
    html_url: url,
    url: api,
    link: '',
    languages_url: `${api}/languages`,
    ssh_url: `git@127.0.0.1:${repository.owner}/${repository.name}.git`,
    clone_url: `${url}.git`,
    original_url: '',
    avatar_url: '',
    website: '',
  };
}

function counters(store: Store, repository: Repository) {
  const open = repository.issues.filter((issue) => issue.closedAt === null);
  return {
    stars_count: 0,
    forks_count: store.repositories.filter((one) => one.forkOf === repository.id).length,
    watchers_count: 1,
    open_issues_count: open.filter((issue) => issue.pull === null).length,
    open_pr_counter: open.filter((issue) => issue.pull !== null).length,
    release_counter: 0,
  };
}

const settings = {
  description: '',
  template: false,
  mirror: false,
  size: 24,
  language: '',
  has_code: true,
  has_issues: true,
  internal_tracker: {
    enable_time_tracker: true,
    allow_only_contributors_to_track_time: true,
    enable_issue_dependencies: true,
  },
  has_wiki: true,
  has_projects: true,
  projects_mode: 'all',
  has_releases: true,
  has_packages: true,
  has_actions: true,
  ignore_whitespace_conflicts: false,
  allow_merge_commits: true,
  allow_rebase: true,
  allow_rebase_explicit: true,
  allow_squash_merge: true,
  allow_fast_forward_only_merge: true,
  allow_rebase_update: true,
  allow_manual_merge: false,
  autodetect_manual_merge: false,
  default_delete_branch_after_merge: false,
  default_merge_style: 'merge',
  default_allow_maintainer_edit: false,
  internal: false,
  mirror_interval: '',
  object_format_name: 'sha1',
  topics: [],
  licenses: [],
};
