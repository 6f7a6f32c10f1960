/** The HTTP server: notes each request, lets it fail where told to, and passes it on to the API or git. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerApi } from './api.ts';
import { authenticate } from './auth.ts';
import { readBody } from './body.ts';
import type { Fault, Faults } from './faults.ts';
import { answerGit, isGitPath } from './git-route.ts';
import { send } from './send.ts';
import { changed, type Store } from './store.ts';
import type { CheckAnswer } from './validate.ts';

/** One request in the log; `status` is null until it is answered and 0 when the socket was destroyed instead. */
export type LoggedRequest = {
  readonly method: string;
  readonly path: string;
  readonly user: string | null;
  body: unknown;
  status: number | null;
};

/** What the server works with; `now` gives milliseconds since 1970. */
export type Parts = {
  readonly store: Store;
  readonly faults: Faults;
  readonly requests: LoggedRequest[];
  readonly now: () => number;
  readonly check: CheckAnswer | null;
  readonly problems: string[];
};

/** Makes the server; it does not listen yet, and it never closes an idle connection under a client. An unexpected error is noted in `problems` and answered with 500. */
export function createForgeServer(parts: Parts): Server {
  return createServer({ keepAliveTimeout: 0 }, (request, response) => {
    const logged = note(parts, request);
    response.once('close', () => {
      logged.status = response.headersSent ? response.statusCode : 0;
      changed(parts.store);
    });
    const fault = parts.faults.take(logged.method, logged.path);
    answer(parts, { request, response, logged }, fault).catch((error: Error) => {
      if (request.destroyed && !request.complete) return;
      parts.problems.push(`${logged.method} ${logged.path}: ${error.stack}`);
      if (!response.headersSent) response.writeHead(500).end();
    });
  });
}

type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly logged: LoggedRequest;
};

function note({ store, requests }: Parts, request: IncomingMessage): LoggedRequest {
  const asker = authenticate(store, request.headers.authorization);
  const user = 'status' in asker ? null : (asker.account?.login ?? null);
  const logged = { method: request.method!, path: request.url!, user, body: null, status: null };
  requests.push(logged);
  changed(store);
  return logged;
}

async function answer(parts: Parts, exchange: Exchange, fault: Fault | undefined): Promise<void> {
  const { request, response, logged } = exchange;
  const sending = { method: logged.method, at: parts.now(), isTruncated: false };
  if (fault === 'hang') return;
  if (fault === 'drop') return void request.socket.destroy();
  if (typeof fault === 'object') {
    if ('status' in fault) return send(response, fault, sending);
    if ('redirect' in fault) {
      const { redirect: location, redirectStatus: status = 302 } = fault;
      return send(response, { status, headers: { location } }, sending);
    }
    await pause(fault.delayMs, response);
    if (response.destroyed) return;
  }
  await answerWell(parts, exchange, fault);
}

async function answerWell(parts: Parts, exchange: Exchange, fault: Fault | undefined): Promise<void> {
  const { request, response, logged } = exchange;
  const url = new URL(parts.store.url + logged.path);
  if (isGitPath(url.pathname)) return answerGit(parts.store, request, response, url);
  if (!url.pathname.startsWith('/api/v1/')) return void response.writeHead(404).end('Not found.\n');
  const body = await readBody(request);
  logged.body = body;
  const { method } = logged;
  const { authorization } = request.headers;
  const { answer, route } = answerApi(parts.store, { method, url, authorization, body });
  if (route && parts.check) parts.problems.push(...parts.check(route, answer));
  if (fault === 'dropAfter') return void request.socket.destroy();
  send(response, answer, { method, at: parts.now(), isTruncated: fault === 'truncate' });
}

/** Waits, but not longer than the client does. */
function pause(delayMs: number, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, delayMs);
    response.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
