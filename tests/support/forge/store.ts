/** What the test forge knows, all of it in memory; the only module that holds state. */
import { EventEmitter } from 'node:events';

/** A person, a bot or an organisation: Gitea keeps all three in one table, with one sequence of ids. */
export type Account = {
  readonly id: number;
  readonly login: string;
  readonly isAdmin: boolean;
  readonly createdAt: number;
};

/** An organisation; `permission` is what its members may do with its repositories. */
export type Organisation = Account & {
  readonly members: Set<number>;
  readonly publicMembers: Set<number>;
  readonly permission: 'read' | 'write';
};

/** A repository; `path` is its bare git repository on this machine. */
export type Repository = {
  readonly id: number;
  owner: string;
  name: string;
  readonly path: string;
  readonly isPrivate: boolean;
  isArchived: boolean;
  /** False where pull requests are turned off: their routes answer 404. */
  readonly hasPulls: boolean;
  readonly forkOf: number | null;
  readonly createdAt: number;
  readonly issues: Issue[];
  readonly statuses: Status[];
};

/** An issue or, with `pull`, a pull request. Times are whole seconds since 1970, as in Gitea's database. */
export type Issue = {
  readonly id: number;
  readonly repositoryId: number;
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly authorId: number;
  readonly createdAt: number;
  updatedAt: number;
  closedAt: number | null;
  isLocked: boolean;
  readonly pull: Pull | null;
  readonly entries: Entry[];
};

/** The part of an issue that only pull requests have; `headSha` is where refs/pull/N/head points. */
export type Pull = {
  readonly id: number;
  readonly headRepositoryId: number;
  readonly headBranch: string;
  readonly baseBranch: string;
  headSha: string;
  mergeBase: string;
  merged: { readonly at: number; readonly sha: string; readonly byId: number } | null;
};

/** One row of Gitea's `comment` table: a plain comment or an event of the timeline. */
export type Entry = {
  readonly id: number;
  readonly type: 'comment' | 'close' | 'reopen' | 'merge_pull' | 'pull_push';
  readonly authorId: number;
  body: string;
  readonly originalAuthor: string;
  readonly createdAt: number;
  updatedAt: number;
  readonly reactions: Reaction[];
};

/** One reaction of one account on a comment. */
export type Reaction = { readonly accountId: number; readonly content: string; readonly createdAt: number };

/** One commit status; `index` counts per commit and is what the API calls `id`. */
export type Status = {
  readonly index: number;
  readonly sha: string;
  readonly state: string;
  readonly context: string;
  readonly description: string;
  readonly targetUrl: string;
  readonly creatorId: number;
  readonly createdAt: number;
};

/** A token as the forge stores it. */
export type Token = { readonly accountId: number; readonly scopes: readonly string[] };

/** Everything the forge knows. `events` says `change` after each write, and `comment` for each comment made. */
export type Store = {
  url: string;
  readonly utcOffsetMinutes: number;
  readonly accounts: Account[];
  readonly organisations: Organisation[];
  readonly repositories: Repository[];
  readonly tokens: Map<string, Token>;
  /** Old `owner/name` in lower case to the repository's id. */
  readonly renamed: Map<string, number>;
  readonly events: EventEmitter;
  /** Whole seconds since 1970. */
  readonly now: () => number;
  readonly nextId: (kind: 'account' | 'repository' | 'issue' | 'pull' | 'entry') => number;
};

/** Makes an empty store; `now` gives milliseconds since 1970. */
export function createStore(now: () => number, utcOffsetMinutes: number): Store {
  const last = new Map<string, number>();
  return {
    url: '',
    utcOffsetMinutes,
    accounts: [],
    organisations: [],
    repositories: [],
    tokens: new Map(),
    renamed: new Map(),
    events: new EventEmitter().setMaxListeners(0),
    now: () => Math.floor(now() / 1000),
    nextId: (kind) => {
      const id = (last.get(kind) ?? 0) + 1;
      last.set(kind, id);
      return id;
    },
  };
}

/** Tells everybody who waits that something is different now. */
export function changed(store: Store): void {
  store.events.emit('change');
}
