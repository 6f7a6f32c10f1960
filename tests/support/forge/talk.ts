/** What tests do with comments, and what they read to assert. */
import { accountById, commentsOf, findEntry } from './find.ts';
import { accountNamed } from './people.ts';
import { issueNamed } from './projects.ts';
import { repositoryNamed } from './repositories.ts';
import type { Entry, Store } from './store.ts';
import { addEntry, editEntry, removeEntry } from './write-comment.ts';
import { statusesOf } from './write-status.ts';

/** A comment as tests see it. */
export type SeenComment = {
  readonly id: number;
  readonly user: string;
  readonly body: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** A commit status as tests see it; in the order they were posted. */
export type SeenStatus = {
  readonly id: number;
  readonly state: string;
  readonly context: string;
  readonly description: string;
  readonly targetUrl: string;
  readonly creator: string;
};

/** `originalAuthor` makes a comment a migrated one; `createdAt` may lie in the past. */
export type CommentOptions = { readonly createdAt?: Date; readonly originalAuthor?: string };

export type Talk = {
  readonly comment: (
    owner: string,
    name: string,
    number: number,
    author: string,
    body: string,
    options?: CommentOptions,
  ) => SeenComment;
  readonly editComment: (id: number, body: string) => void;
  readonly deleteComment: (id: number) => void;
  readonly comments: (owner: string, name: string, number: number) => SeenComment[];
  readonly statuses: (owner: string, name: string, sha: string) => SeenStatus[];
  readonly reactions: (commentId: number) => { readonly user: string; readonly content: string }[];
};

/** The verbs for comments, and plain reads. */
export function talk(store: Store): Talk {
  const login = (id: number) => accountById(store, id).login;
  return {
    comment: (owner, name, number, author, body, { createdAt, originalAuthor } = {}) => {
      const { issue } = issueNamed(store, owner, name, number);
      const seconds = createdAt && Math.floor(createdAt.getTime() / 1000);
      const given = { author: accountNamed(store, author), body, createdAt: seconds, originalAuthor };
      return seen(store, addEntry(store, issue, given));
    },
    editComment: (id, body) => editEntry(store, entryNumbered(store, id).entry, body),
    deleteComment: (id) => {
      const { issue, entry } = entryNumbered(store, id);
      removeEntry(store, issue, entry);
    },
    comments: (owner, name, number) =>
      commentsOf(issueNamed(store, owner, name, number).issue).map((entry) => seen(store, entry)),
    statuses: (owner, name, sha) =>
      statusesOf(repositoryNamed(store, owner, name), sha).map(({ index, creatorId, ...rest }) => {
        const { state, context, description, targetUrl } = rest;
        return { id: index, state, context, description, targetUrl, creator: login(creatorId) };
      }),
    reactions: (commentId) =>
      entryNumbered(store, commentId).entry.reactions.map(({ accountId, content }) => {
        return { user: login(accountId), content };
      }),
  };
}

function entryNumbered(store: Store, id: number) {
  const found = findEntry(store, id);
  if (found === undefined) throw new Error(`the forge has no comment ${id}`);
  return found;
}

function seen(store: Store, { id, authorId, body, createdAt, updatedAt }: Entry): SeenComment {
  const date = (seconds: number) => new Date(seconds * 1000);
  const user = accountById(store, authorId).login;
  return { id, user, body, createdAt: date(createdAt), updatedAt: date(updatedAt) };
}
