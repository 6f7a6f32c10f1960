/** Writing comments, events and reactions; used by the API and by tests alike. */
import { type Account, changed, type Entry, type Issue, type Store } from './store.ts';

/** What a new comment or event is made of; `createdAt` in whole seconds, now by default. */
export type NewEntry = {
  readonly author: Account;
  readonly body: string;
  readonly type?: Entry['type'];
  readonly createdAt?: number;
  readonly originalAuthor?: string;
};

/** Adds a comment or event; either makes the issue an updated one. Emits `comment` with the plain ones. */
export function addEntry(store: Store, issue: Issue, given: NewEntry): Entry {
  const createdAt = given.createdAt ?? store.now();
  const entry: Entry = {
    id: store.nextId('entry'),
    type: given.type ?? 'comment',
    authorId: given.author.id,
    body: given.body,
    originalAuthor: given.originalAuthor ?? '',
    createdAt,
    updatedAt: createdAt,
    reactions: [],
  };
  issue.entries.push(entry);
  issue.updatedAt = Math.max(issue.updatedAt, createdAt);
  if (entry.type === 'comment') store.events.emit('comment', { issue, entry });
  changed(store);
  return entry;
}

/** Changes the text; the comment is updated, the issue is not. The same text again changes nothing. */
export function editEntry(store: Store, entry: Entry, body: string): void {
  if (entry.body === body) return;
  entry.body = body;
  entry.updatedAt = store.now();
  changed(store);
}

/** Removes a comment without a trace; the issue is not updated. */
export function removeEntry(store: Store, issue: Issue, entry: Entry): void {
  issue.entries.splice(issue.entries.indexOf(entry), 1);
  changed(store);
}

/** Adds a reaction; false when the account has it there already. Updates nothing. */
export function addReaction(store: Store, entry: Entry, account: Account, content: string): boolean {
  if (entry.reactions.some((one) => one.accountId === account.id && one.content === content)) return false;
  entry.reactions.push({ accountId: account.id, content, createdAt: store.now() });
  changed(store);
  return true;
}

/** Takes a reaction back; one that is not there is no error. */
export function removeReaction(store: Store, entry: Entry, account: Account, content: string): void {
  const at = entry.reactions.findIndex((one) => one.accountId === account.id && one.content === content);
  if (at >= 0) entry.reactions.splice(at, 1);
  changed(store);
}
