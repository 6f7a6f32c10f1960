/** Looking things up in the store. Names are compared without case, as Gitea does. */
import type { Account, Entry, Issue, Organisation, Repository, Store } from './store.ts';

/** The account (person or organisation) of this name. */
export function findAccount(store: Store, login: string): Account | undefined {
  return [...store.accounts, ...store.organisations].find((one) => isSame(one.login, login));
}

/** The organisation of this name. */
export function findOrganisation(store: Store, name: string): Organisation | undefined {
  return store.organisations.find((one) => isSame(one.login, name));
}

/** The repository of this name; an old name is not looked at. */
export function findRepository(store: Store, owner: string, name: string): Repository | undefined {
  return store.repositories.find((one) => isSame(one.owner, owner) && isSame(one.name, name));
}

/** The repository that had this name before it was renamed. */
export function findRenamed(store: Store, owner: string, name: string): Repository | undefined {
  const id = store.renamed.get(`${owner}/${name}`.toLowerCase());
  return store.repositories.find((one) => one.id === id);
}

/** The account with this id; an id that the forge gave out itself is always known. */
export function accountById(store: Store, id: number): Account {
  return [...store.accounts, ...store.organisations].find((one) => one.id === id)!;
}

/** The repository with this id, unless it was removed. */
export function repositoryById(store: Store, id: number): Repository | undefined {
  return store.repositories.find((one) => one.id === id);
}

/** The issue or pull request of this number. */
export function findIssue(repository: Repository, number: number): Issue | undefined {
  return repository.issues.find((one) => one.number === number);
}

/** The comment or event with this id, in any repository. */
export function findEntry(
  store: Store,
  id: number,
): { repository: Repository; issue: Issue; entry: Entry } | undefined {
  for (const repository of store.repositories)
    for (const issue of repository.issues)
      for (const entry of issue.entries) if (entry.id === id) return { repository, issue, entry };
  return undefined;
}

/** Plain comments of an issue in the order of the API: created, then id. */
export function commentsOf(issue: Issue): Entry[] {
  return inOrder(issue.entries.filter((entry) => entry.type === 'comment'));
}

/** Any comments or events, ordered by creation, then id (Gitea: FindComments). */
export function inOrder(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((a, b) => a.createdAt - b.createdAt || a.id - b.id);
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
