import { accountById } from '../find.ts';
import type { Entry, Issue, Repository, Store } from '../store.ts';
import { commentShape } from './comment.ts';
import { issueShape } from './issue.ts';
import { pullShape } from './pull.ts';
import { repositoryShape } from './repository.ts';
import { userShape } from './user.ts';

/** What a webhook tells of a comment. */
export type CommentEvent = {
  readonly action: 'created' | 'edited' | 'deleted';
  /** The text before an edit. */
  readonly from?: string;
  /** False leaves `pull_request` out, as Gitea before 1.23 and Forgejo before 10 do. */
  readonly hasPull?: boolean;
};

/** An `IssueCommentPayload`, as text: what Go's `json.MarshalIndent` writes, which is what is signed. */
export function webhookPayload(
  store: Store,
  { repository, issue, entry }: { repository: Repository; issue: Issue; entry: Entry },
  { action, from, hasPull = true }: CommentEvent,
): string {
  const sender = accountById(store, entry.authorId);
  const payload = {
    action,
    issue: issueShape(store, repository, issue),
    ...(issue.pull && hasPull && { pull_request: pullShape(store, repository, issue, sender) }),
    comment: commentShape(store, repository, issue, entry),
    ...(from !== undefined && { changes: { body: { from } } }),
    repository: repositoryShape(store, repository, sender),
    sender: userShape(store, sender),
    is_pull: issue.pull !== null,
  };
  return marshalIndent(payload);
}

/** Go writes these five characters as escapes, so that JSON can stand inside HTML and JavaScript. */
export function marshalIndent(value: unknown): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value, null, 2).replaceAll(/[<>&\u2028\u2029]/g, escaped);
}
