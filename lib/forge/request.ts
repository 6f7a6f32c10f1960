import pRetry from 'p-retry';
import type { z } from 'zod';
import type { Exchange, HttpAnswer } from './exchange.ts';
import { isForgeError } from './forge-error.ts';
import { checkStatus, redirectedPath } from './judge-reply.ts';
import { readReply } from './read-reply.ts';
import { send } from './send-request.ts';

export type RequesterOptions = {
  /** Name in the configuration. */
  readonly name: string;
  /** Web address as configured; the API is below `/api/v1`. */
  readonly url: string;
  /** Without one the requests are anonymous. */
  readonly token?: string | undefined;
  /** Time limit of one request. */
  readonly requestMs: number;
  readonly signal: AbortSignal;
  /** How a request is sent; over HTTP unless given. */
  readonly exchange?: Exchange;
  /** Further attempts of a GET that passingly failed; 2 by default. */
  readonly retries?: number;
  /** Pause before the first of them, then doubled. */
  readonly retryMs?: number;
  readonly now?: () => Date;
};

export type Ask = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`; its parts are encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: object;
  /** Statuses that are an answer besides 2xx. */
  readonly accept?: readonly number[];
};

export type Reply = {
  readonly ask: Ask;
  readonly status: number;
  readonly body: string;
  /** The server's clock; ours where it told none. */
  readonly at: Date;
  /** `X-Total-Count`. */
  readonly total: number | null;
  readonly headers: HttpAnswer['headers'];
};

export type Requester = {
  readonly forge: string;
  /** One answer, or a `ForgeError`; redirects within the API are followed with the same method. */
  readonly ask: (ask: Ask) => Promise<Reply>;
  /** The JSON of an answer, checked. */
  readonly read: <Schema extends z.ZodType>(reply: Reply, schema: Schema) => z.output<Schema>;
  /** Requests sent so far, redirects and repetitions too. */
  readonly calls: () => number;
};

/** Longest chain of redirects. */
const hopLimit = 3;

/** Speaks HTTP with one forge; only what answers says is left to the callers. */
export function makeRequester(options: RequesterOptions): Requester {
  const { retries = 2, retryMs = 250, signal } = options;
  const counter = { calls: 0 };
  const attempt = (ask: Ask) => follow(ask, options, counter);
  return {
    forge: options.name,
    calls: () => counter.calls,
    read: (reply, schema) => readReply(options.name, reply, schema),
    ask: async (ask) => {
      if (ask.method !== 'GET') return attempt(ask);
      const shouldRetry = ({ error }: { readonly error: unknown }) =>
        !signal.aborted && isWorthRepeating(error);
      return pRetry(() => attempt(ask), {
        retries,
        minTimeout: retryMs,
        randomize: true,
        signal,
        shouldRetry,
      });
    },
  };
}

/** A request that ran into its time limit is left to the next tick: three of them would hold everybody up. */
function isWorthRepeating(error: unknown): boolean {
  if (!isForgeError(error)) return false;
  const isLate = (error.cause as { name?: string } | undefined)?.name === 'TimeoutError';
  return (error.trouble === 'unreachable' && !isLate) || error.trouble === 'failed';
}

async function follow(first: Ask, options: RequesterOptions, counter: { calls: number }): Promise<Reply> {
  let ask = first;
  for (let hop = 0; ; hop += 1) {
    counter.calls += 1;
    const reply = await send(ask, options);
    const path = ask.accept?.includes(reply.status) ? null : redirectedPath(reply);
    if (path === null || hop >= hopLimit) return checkStatus(options.name, reply);
    const { query: _, ...rest } = ask;
    ask = { ...rest, path };
  }
}
