import { Agent, type IncomingMessage, request as plainRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { text } from 'node:stream/consumers';

export type HttpRequest = {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Its reason is what the exchange rejects with. */
  readonly signal: AbortSignal;
};

export type HttpAnswer = {
  readonly status: number;
  /** Names in lower case; null for what was not sent. */
  readonly headers: { readonly get: (name: string) => string | null };
  readonly body: string;
};

/** One request and its whole answer, whatever its status; redirects are not followed. */
export type Exchange = (request: HttpRequest) => Promise<HttpAnswer>;

/** Shorter than servers keep a connection, so that none is taken that is just being closed. */
const keptMs = 3_000;
const kept = { keepAlive: true, timeout: keptMs };
let agents: { readonly plain: Agent; readonly tls: TlsAgent } | undefined;

/**
 * Over `node:http` and not `fetch`, whose library takes 16 MB in a program that waits most of its life. What changes
 * something gets a connection of its own: on a kept one nobody can tell whether a request that was cut off arrived.
 */
export const exchange: Exchange = async ({ url, method, headers, body, signal }) => {
  signal.throwIfAborted();
  const isTls = new URL(url).protocol === 'https:';
  agents ??= { plain: new Agent(kept), tls: new TlsAgent(kept) };
  const agent = method === 'GET' ? agents[isTls ? 'tls' : 'plain'] : false;
  try {
    const asked = (isTls ? tlsRequest : plainRequest)(url, { method, headers, agent, signal });
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      asked.on('response', resolve).on('error', reject).end(body);
    });
    return { status: answer.statusCode ?? 0, headers: headersOf(answer), body: await text(answer) };
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
};

function headersOf({ headers }: IncomingMessage): HttpAnswer['headers'] {
  return {
    get: (name) => {
      const value = headers[name];
      return value === undefined ? null : String(value);
    },
  };
}
