import { chmod, open, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { codeOf, messageOf } from '../program/failure.ts';
import { EngineError } from '../swarm/engine.ts';
import { type AnswerOptions, answerRoute } from './answer.ts';
import { isRefusal, parseRoute, type Refusal, refuse } from './route.ts';
import type { AppStacks } from './service.ts';

export type AppSocketOptions = Omit<AnswerOptions, 'stacks'> & {
  /** Which stacks are answered for, asked at each request. */
  readonly stacks: () => AppStacks;
  /** A folder of the run's own. */
  readonly dir: string;
};

export type AppSocket = { readonly file: string; readonly close: () => Promise<void> };

const mostAtOnce = 8;
const mostConnections = 64;
const longestBody = 64 * 1024;
const slowestRequestMs = 10_000;

/**
 * Serves the socket of a run: exec, logs and inspect of its services, and of nothing else (stages.md). Anybody who sees
 * the file may ask; it lies in a folder that only the run may enter, and the sandbox shows it. Closes at the signal.
 */
export async function openAppSocket(options: AppSocketOptions): Promise<AppSocket> {
  const file = join(options.dir, 'app.sock');
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const server = createServer({ maxHeaderSize: 8_192, requestTimeout: slowestRequestMs });
  server.maxConnections = mostConnections;
  let underWay = 0;
  server.on('request', (incoming, answer) => {
    if (underWay >= mostAtOnce) return send(answer, refuse(429, `more than ${mostAtOnce} requests at once`));
    underWay += 1;
    void handle(incoming, answer, { ...options, stacks: options.stacks(), signal }).finally(() => {
      underWay -= 1;
    });
  });
  await listen(server, options.dir);
  await chmod(file, 0o666);
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= stop(server, ending).then(() => rm(file, { force: true }));
    return closing;
  };
  options.signal.addEventListener('abort', () => void close(), { once: true });
  return { file, close };
}

/** A path of a socket has at most 107 bytes, and a run's folder may have a longer one: it is reached by its descriptor. */
async function listen(server: Server, dir: string): Promise<void> {
  await rm(join(dir, 'app.sock'), { force: true });
  const folder = await open(dir, 'r');
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(`/proc/self/fd/${folder.fd}/app.sock`, resolve);
    });
  } finally {
    await folder.close();
  }
}

function stop(server: Server, ending: AbortController): Promise<void> {
  ending.abort(new Error('the tests of this stage have ended'));
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function handle(
  incoming: IncomingMessage,
  answer: ServerResponse,
  options: AnswerOptions,
): Promise<void> {
  const leaving = new AbortController();
  answer.on('close', () => leaving.abort(new Error('who asked has left')));
  const signal = AbortSignal.any([options.signal, leaving.signal]);
  try {
    const body = await readBody(incoming);
    const route = parseRoute(incoming.method ?? 'GET', incoming.url ?? '/');
    if (body === null) return send(answer, refuse(413, `a body has at most ${longestBody} bytes`));
    if (isRefusal(route)) return send(answer, route);
    send(answer, await answerRoute(route, body, { ...options, signal }));
  } catch (error) {
    if (!signal.aborted) send(answer, failed(error));
    else answer.destroy();
  }
}

/** The whole body; null for one that is too long, of which the rest is not kept. */
async function readBody(incoming: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= longestBody) chunks.push(chunk);
    if (size > longestBody * 16) break;
  }
  return size > longestBody ? null : Buffer.concat(chunks).toString('utf8');
}

function failed(error: unknown): Refusal {
  if (error instanceof EngineError) return refuse(502, `the engine: ${error.words}`);
  return refuse(500, codeOf(error) ?? messageOf(error));
}

function send(answer: ServerResponse, content: object | Refusal): void {
  const status = isRefusal(content) ? content.status : 200;
  const shown = isRefusal(content) ? { error: content.error } : content;
  answer.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  answer.end(`${JSON.stringify(shown)}\n`);
}
