/** What a forge tells, in our words. Instants are RFC 3339 in UTC, whole seconds (`2026-11-23T10:14:58Z`). */

export type RepositoryName = { readonly owner: string; readonly name: string };

export type ForgeRepository = RepositoryName & {
  /** Stays, whatever it is called. */
  readonly id: number;
  /** Empty where nothing was ever pushed. */
  readonly defaultBranch: string;
  readonly isArchived: boolean;
  readonly isEmpty: boolean;
  /** False where that part of it is turned off. */
  readonly hasCode: boolean;
  readonly hasPulls: boolean;
};

/** A tag and the commit that it leads to. */
export type ForgeTag = { readonly name: string; readonly commit: string };

export type ForgeUser = { readonly id: number; readonly login: string };

/** A pull request by its place. */
export type PullPlace = RepositoryName & { readonly number: number };

export type ForgeComment = {
  readonly id: number;
  /** Where it stands, as the forge itself names it; null for a comment on an issue. */
  readonly pull: PullPlace | null;
  readonly body: string;
  /** Null for a user that is gone. */
  readonly author: ForgeUser | null;
  /** Brought along from another forge: its author here is whoever did that. */
  readonly isMigrated: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** A pull request as a search lists it: no commits. */
export type PullHit = RepositoryName & {
  readonly number: number;
  readonly title: string;
  readonly updatedAt: string;
};

/** A pull request that a search found, and whether it was open then. */
export type FoundPull = PullHit & { readonly isOpen: boolean; readonly isMerged: boolean };

export type ForgePull = {
  /** Where it stands now: another name than it was asked for by when it was renamed meanwhile. */
  readonly repository: RepositoryName | null;
  readonly number: number;
  readonly title: string;
  readonly isOpen: boolean;
  readonly isMerged: boolean;
  /** True unless the head is a branch of the repository itself: a fork, a deleted fork, an AGit request. */
  readonly isForeign: boolean;
  readonly base: { readonly ref: string; readonly sha: string };
  /** `sha` may be empty when there is nothing left. */
  readonly head: { readonly ref: string; readonly sha: string };
};

/** `type` is the forge's word: `comment`, `reopen`, `close`, `pull_push`, … */
export type TimelineEntry = {
  readonly id: number;
  readonly type: string;
  readonly body: string;
  /** Null for a user that is gone. */
  readonly author: ForgeUser | null;
  readonly createdAt: string;
};

export type StatusState = 'pending' | 'success' | 'error' | 'failure' | 'warning';

export type NewStatus = {
  readonly state: StatusState;
  readonly context: string;
  readonly description: string;
  readonly targetUrl?: string | undefined;
};

/** `id` counts per commit; of one context the highest wins. */
export type ForgeStatus = {
  readonly id: number;
  readonly state: string;
  readonly context: string;
  readonly description: string;
  readonly targetUrl: string;
  readonly creator: ForgeUser | null;
};

/** `later`: cannot be told now; `hidden`: the bot is no member itself and may not ask (303). */
export type Membership = 'yes' | 'no' | 'later' | 'hidden';

/** A list and the server's clock when it was read (`Date`), RFC 3339, whole seconds. */
export type Listing<Item> = { readonly items: readonly Item[]; readonly at: string };
