/** Who may see and who may write a repository. */
import { findAccount, findOrganisation } from './find.ts';
import type { Account, Repository, Store } from './store.ts';

/** True when `account` (null is anonymous) may see the repository; who may not gets 404, never 403. */
export function canRead(store: Store, account: Account | null, repository: Repository): boolean {
  return !repository.isPrivate || (account !== null && isInside(store, account, repository));
}

/** True when `account` may write the repository's code and issues. */
export function canWrite(store: Store, account: Account | null, repository: Repository): boolean {
  if (account === null || !isInside(store, account, repository)) return false;
  return account.isAdmin || findOrganisation(store, repository.owner)?.permission !== 'read';
}

function isInside(store: Store, account: Account, repository: Repository): boolean {
  const organisation = findOrganisation(store, repository.owner);
  if (account.isAdmin || organisation?.members.has(account.id)) return true;
  return findAccount(store, repository.owner)?.id === account.id;
}
