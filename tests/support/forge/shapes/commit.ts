import { git } from '../git.ts';
import type { Repository, Store } from '../store.ts';
import { instant } from '../times.ts';
import { repositoryApiUrl, repositoryUrl } from './urls.ts';

type Facts = {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: { readonly name: string; readonly email: string };
  readonly committer: { readonly name: string; readonly email: string };
  readonly committedAt: number;
  readonly message: string;
};

const format = ['%H', '%T', '%P', '%an', '%ae', '%cn', '%ce', '%ct', '%B'].join('%x00');

/** Commits from git, newest first, `limit` from `ref`; the message ends with a newline as in Gitea. */
export function readCommits(repository: Repository, ref: string, limit: number, skip = 0): Facts[] {
  const range = [`--max-count=${limit}`, `--skip=${skip}`];
  const text = git(repository.path, 'log', '-z', `--format=${format}`, ...range, ref, '--');
  const cells = text.split('\0');
  const commits: Facts[] = [];
  for (let at = 0; at + 8 < cells.length; at += 9) commits.push(facts(cells.slice(at, at + 9)));
  return commits;
}

/** A `Commit`; no forge account is looked for, so `author` and `committer` are null. */
export function commitShape(store: Store, repository: Repository, commit: Facts) {
  const api = `${repositoryApiUrl(store, repository)}/git`;
  const created = instant(store, commit.committedAt);
  const meta = (sha: string) => ({ url: `${api}/commits/${sha}`, sha, created });
  return {
    url: `${api}/commits/${commit.sha}`,
    sha: commit.sha,
    created,
    html_url: `${repositoryUrl(store, repository)}/commit/${commit.sha}`,
    commit: {
      url: `${api}/commits/${commit.sha}`,
      author: { ...commit.author, date: created },
      committer: { ...commit.committer, date: created },
      message: commit.message,
      tree: { ...meta(commit.tree), url: `${api}/trees/${commit.tree}` },
      verification: notSigned,
    },
    author: null,
    committer: null,
    parents: commit.parents.map(meta),
  };
}

/** A `Branch` with its newest commit. */
export function branchShape(store: Store, repository: Repository, name: string, commit: Facts) {
  return {
    name,
    commit: {
      id: commit.sha,
      message: commit.message,
      url: `${repositoryUrl(store, repository)}/commit/${commit.sha}`,
      author: { ...commit.author, username: '' },
      committer: { ...commit.committer, username: '' },
      verification: notSigned,
      timestamp: instant(store, commit.committedAt),
      added: null,
      removed: null,
      modified: null,
    },
    protected: false,
    required_approvals: 0,
    enable_status_check: false,
    status_check_contexts: [],
    user_can_push: true,
    user_can_merge: true,
    effective_branch_protection_name: '',
  };
}

const notSigned = {
  verified: false,
  reason: 'gpg.error.not_signed_commit',
  signature: '',
  signer: null,
  payload: '',
};

function facts(cells: readonly string[]): Facts {
  const [sha, tree, parents, an, ae, cn, ce, time, message] = cells as string[];
  return {
    sha: sha!,
    tree: tree!,
    parents: parents === '' ? [] : parents!.split(' '),
    author: { name: an!, email: ae! },
    committer: { name: cn!, email: ce! },
    committedAt: Number(time),
    message: message!,
  };
}
