import { accountById } from '../find.ts';
import type { Entry, Issue, Reaction, Repository, Store } from '../store.ts';
import { instant } from '../times.ts';
import { commentUrls } from './urls.ts';
import { userShape } from './user.ts';

/** A `Comment`; a migrated one names its real author in `original_author`. */
export function commentShape(store: Store, repository: Repository, issue: Issue, entry: Entry) {
  return {
    id: entry.id,
    ...commentUrls(store, repository, issue, entry),
    user: userShape(store, accountById(store, entry.authorId)),
    original_author: entry.originalAuthor,
    original_author_id: entry.originalAuthor === '' ? 0 : 4711,
    body: entry.body,
    assets: [],
    created_at: instant(store, entry.createdAt),
    updated_at: instant(store, entry.updatedAt),
  };
}

/** A `TimelineComment`: a comment or an event; a push has `{"is_force_push","commit_ids"}` as JSON in `body`. */
export function timelineShape(store: Store, repository: Repository, issue: Issue, entry: Entry) {
  return {
    id: entry.id,
    type: entry.type,
    ...commentUrls(store, repository, issue, entry),
    user: userShape(store, accountById(store, entry.authorId)),
    body: entry.body,
    created_at: instant(store, entry.createdAt),
    updated_at: instant(store, entry.updatedAt),
    ...notUsedHere,
  };
}

/** A `Reaction`. */
export function reactionShape(store: Store, reaction: Reaction) {
  return {
    user: userShape(store, accountById(store, reaction.accountId)),
    content: reaction.content,
    created_at: instant(store, reaction.createdAt),
  };
}

const notUsedHere = {
  old_project_id: 0,
  project_id: 0,
  old_milestone: null,
  milestone: null,
  tracked_time: null,
  old_title: '',
  new_title: '',
  old_ref: '',
  new_ref: '',
  ref_issue: null,
  ref_comment: null,
  ref_action: '',
  ref_commit_sha: '',
  review_id: 0,
  label: null,
  assignee: null,
  assignee_team: null,
  removed_assignee: false,
  resolve_doer: null,
  dependent_issue: null,
};
