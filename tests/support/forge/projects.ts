/** What tests do with issues and pull requests. */
import { findIssue, repositoryById } from './find.ts';
import { accountNamed } from './people.ts';
import { repositoryNamed } from './repositories.ts';
import { type Account, changed, type Issue, type Repository, type Store } from './store.ts';
import { addIssue, addPull, addPulls, mergePull, type NewPull, pushPull, setClosed } from './write-pull.ts';

type Author = { readonly author?: string };

/** A new pull request; `fork` names the repository of the head branch where that is another one. */
export type OpenPull = {
  readonly head: string;
  readonly base?: string;
  readonly title: string;
  readonly body?: string;
  readonly author: string;
  readonly fork?: { readonly owner: string; readonly name: string };
  readonly createdAt?: Date;
  /** The last common commit, where the test knows it: that saves asking git. */
  readonly mergeBase?: string;
};

export type Projects = {
  /** Opens a plain issue or a pull request (refs/pull/N/head is written), and gives its number. */
  readonly openIssue: (owner: string, name: string, issue: { title: string; author: string }) => number;
  readonly openPull: (owner: string, name: string, pull: OpenPull) => number;
  /** Opens `count` pull requests for one branch, cheaply, and gives their numbers. */
  readonly openPulls: (owner: string, name: string, pull: Omit<OpenPull, 'fork'>, count: number) => number[];
  /** Moves the head to a commit that the head's repository has; forced when it does not follow the old head. */
  readonly push: (owner: string, name: string, number: number, sha: string, by?: Author) => void;
  readonly closePull: (owner: string, name: string, number: number, by?: Author) => void;
  readonly reopenPull: (owner: string, name: string, number: number, by?: Author) => void;
  /** Merges on the base branch and gives the merge commit. */
  readonly mergePull: (owner: string, name: string, number: number, by?: Author) => string;
  readonly lockPull: (owner: string, name: string, number: number) => void;
};

/** The verbs for projects. */
export function projects(store: Store): Projects {
  const at = (owner: string, name: string, number: number) => issueNamed(store, owner, name, number);
  const by = (issue: Issue, author?: string) => authorOf(store, issue, author);
  return {
    openIssue: (owner, name, { title, author }) =>
      addIssue(store, repositoryNamed(store, owner, name), { title, author: accountNamed(store, author) })
        .number,
    openPull: (owner, name, pull) => openPull(store, repositoryNamed(store, owner, name), pull),
    openPulls: (owner, name, pull, count) => {
      const repository = repositoryNamed(store, owner, name);
      const pulls = addPulls(store, repository, newPull(store, repository, pull), count);
      return pulls.map(({ number }) => number);
    },
    push: (owner, name, number, sha, { author } = {}) => {
      const { repository, issue } = at(owner, name, number);
      const source = repositoryById(store, issue.pull!.headRepositoryId) ?? repository;
      pushPull(store, { repository, source, issue, author: by(issue, author) }, sha);
    },
    closePull: (owner, name, number, { author } = {}) => {
      const { issue } = at(owner, name, number);
      setClosed(store, issue, by(issue, author), true);
    },
    reopenPull: (owner, name, number, { author } = {}) => {
      const { issue } = at(owner, name, number);
      setClosed(store, issue, by(issue, author), false);
    },
    mergePull: (owner, name, number, { author } = {}) => {
      const { repository, issue } = at(owner, name, number);
      return mergePull(store, repository, issue, by(issue, author));
    },
    lockPull: (owner, name, number) => {
      at(owner, name, number).issue.isLocked = true;
      changed(store);
    },
  };
}

/** The issue or pull request of this number, or an error. */
export function issueNamed(
  store: Store,
  owner: string,
  name: string,
  number: number,
): { repository: Repository; issue: Issue } {
  const repository = repositoryNamed(store, owner, name);
  const issue = findIssue(repository, number);
  if (issue === undefined) throw new Error(`${owner}/${name} has no pull request ${number}`);
  return { repository, issue };
}

function openPull(store: Store, repository: Repository, pull: OpenPull): number {
  return addPull(store, repository, newPull(store, repository, pull)).number;
}

function newPull(store: Store, repository: Repository, pull: OpenPull): NewPull {
  const { fork, createdAt, base = 'main' } = pull;
  const source = fork === undefined ? repository : repositoryNamed(store, fork.owner, fork.name);
  const author = accountNamed(store, pull.author);
  const seconds = createdAt && Math.floor(createdAt.getTime() / 1000);
  return { ...pull, base, author, source, createdAt: seconds };
}

function authorOf(store: Store, issue: Issue, author?: string): Account {
  if (author !== undefined) return accountNamed(store, author);
  return store.accounts.find((one) => one.id === issue.authorId)!;
}
