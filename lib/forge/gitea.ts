import { makeCommentCalls } from './gitea-comments.ts';
import { makePullCalls } from './gitea-pulls.ts';
import { makeRepositoryCalls } from './gitea-repositories.ts';
import { makeSearchCalls } from './gitea-search.ts';
import { makeStatusCalls } from './gitea-statuses.ts';
import { makeUserCalls } from './gitea-users.ts';
import { makeRequester, type RequesterOptions } from './request.ts';

/** All that is asked of a forge; one group of calls per file. */
export type ForgeClient = {
  readonly name: string;
  /** As configured, without a slash at its end. */
  readonly url: string;
  /** Requests sent so far. */
  readonly calls: number;
} & ReturnType<typeof makeSearchCalls> &
  ReturnType<typeof makeRepositoryCalls> &
  ReturnType<typeof makePullCalls> &
  ReturnType<typeof makeCommentCalls> &
  ReturnType<typeof makeStatusCalls> &
  ReturnType<typeof makeUserCalls>;

/**
 * A client of one Gitea or Forgejo server. Nothing is asked before the first call. Every call can throw a
 * `ForgeError`; after `signal` it throws an `AbortError`. GETs are repeated after passing failures, writes never:
 * their callers must look first.
 */
export function connectForge(options: RequesterOptions): ForgeClient {
  const requester = makeRequester(options);
  return {
    name: options.name,
    url: options.url.replace(/\/+$/, ''),
    get calls() {
      return requester.calls();
    },
    ...makeSearchCalls(requester),
    ...makeRepositoryCalls(requester),
    ...makePullCalls(requester),
    ...makeCommentCalls(requester),
    ...makeStatusCalls(requester),
    ...makeUserCalls(requester, options.now ?? (() => new Date())),
  };
}
