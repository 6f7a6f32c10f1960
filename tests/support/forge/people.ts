/** What tests do with users and organisations. */
import { randomBytes } from 'node:crypto';
import { findAccount, findOrganisation } from './find.ts';
import { type Account, changed, type Organisation, type Store } from './store.ts';

/** A user that a test made; `token` gives a new access token with the scopes named (`read:issue`, `all`, …). */
export type User = {
  readonly id: number;
  readonly login: string;
  readonly token: (scopes: readonly string[]) => string;
};

export type People = {
  readonly addUser: (login: string, options?: { readonly admin?: boolean }) => User;
  /** Members may write its repositories unless `permission` is `read`; `publicMembers` are members too. */
  readonly addOrganisation: (
    name: string,
    members: readonly string[],
    options?: { readonly permission?: 'read' | 'write'; readonly publicMembers?: readonly string[] },
  ) => { readonly id: number };
  readonly addMember: (organisation: string, login: string) => void;
  readonly removeMember: (organisation: string, login: string) => void;
};

/** The verbs for people. */
export function people(store: Store): People {
  return {
    addUser: (login, { admin = false } = {}) => {
      const account = { ...newAccount(store, login), isAdmin: admin };
      store.accounts.push(account);
      return { id: account.id, login, token: (scopes) => addToken(store, account, scopes) };
    },
    addOrganisation: (name, members, { permission = 'write', publicMembers = [] } = {}) => {
      const ids = (logins: readonly string[]) => new Set(logins.map((one) => accountNamed(store, one).id));
      const both = [...members, ...publicMembers];
      const extra = { members: ids(both), publicMembers: ids(publicMembers), permission };
      const organisation = { ...newAccount(store, name), ...extra };
      store.organisations.push(organisation);
      return { id: organisation.id };
    },
    addMember: (organisation, login) => {
      organisationNamed(store, organisation).members.add(accountNamed(store, login).id);
      changed(store);
    },
    removeMember: (organisation, login) => {
      const { members, publicMembers } = organisationNamed(store, organisation);
      members.delete(accountNamed(store, login).id);
      publicMembers.delete(accountNamed(store, login).id);
      changed(store);
    },
  };
}

/** The account of this name, or an error that says that the test has not made it. */
export function accountNamed(store: Store, login: string): Account {
  const account = findAccount(store, login);
  if (account === undefined) throw new Error(`the forge has no user ${login}: addUser first`);
  return account;
}

function organisationNamed(store: Store, name: string): Organisation {
  const organisation = findOrganisation(store, name);
  if (organisation === undefined)
    throw new Error(`the forge has no organisation ${name}: addOrganisation first`);
  return organisation;
}

function newAccount(store: Store, login: string): Account {
  if (findAccount(store, login)) throw new Error(`the forge has a user or organisation ${login} already`);
  return { id: store.nextId('account'), login, isAdmin: false, createdAt: store.now() };
}

function addToken(store: Store, account: Account, scopes: readonly string[]): string {
  const secret = randomBytes(20).toString('hex');
  store.tokens.set(secret, { accountId: account.id, scopes });
  return secret;
}
