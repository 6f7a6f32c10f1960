import type { IncomingMessage } from 'node:http';
import { codeOf, exitStatus, Failure, messageOf } from '../program/failure.ts';
import { throwIfStopped } from '../program/stopped.ts';
import {
  type CallOptions,
  noAnswer,
  openTransport,
  parseHost,
  type Request,
  readText,
  type Transport,
} from './transport.ts';

/** One engine, spoken to over its API. Paths are given without version: `/services`. */
export type Engine = {
  /** `DOCKER_HOST` in full, for children that need it. */
  readonly host: string;
  /** The answer's JSON; undefined for an empty one. An answer from 300 on is an `EngineError`. */
  readonly json: <T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    options?: CallOptions,
  ) => Promise<T>;
  /** The answer's body as it comes; it may be silent for as long as it likes. */
  readonly stream: (
    method: string,
    path: string,
    body?: unknown,
    options?: CallOptions,
  ) => Promise<IncomingMessage>;
};

/** The engine answered with an error (`httpStatus`) or not at all (`httpStatus` 0, code `engine-unreachable`). */
export class EngineError extends Failure {
  readonly httpStatus: number;
  /** The engine's own words. */
  readonly words: string;

  constructor(call: { method: string; path: string }, httpStatus: number, words: string, cause?: unknown) {
    const code = httpStatus === 0 ? 'engine-unreachable' : 'engine-refused';
    super(
      exitStatus.unavailable,
      code,
      `Docker engine, ${call.method} ${call.path.split('?')[0]}: ${words}`,
      { cause },
    );
    this.httpStatus = httpStatus;
    this.words = words;
  }
}

/** What the calls are written for; an engine that has dropped it says its own oldest, which is then used. */
const wantedApi = '1.41';

/** Makes ready to talk to the engine of `DOCKER_HOST`; connects at the first call. */
export function connectEngine(dockerHost: string | undefined): Engine {
  const { host, address } = parseHost(dockerHost);
  const transport = openTransport(address);
  let version = wantedApi;
  const call = async (request: Request): Promise<IncomingMessage> => {
    const answer = await sendCall(transport, request, version);
    if ((answer.statusCode ?? 0) < 300) return answer;
    const error = await readError(request, answer);
    const oldest = /too old.*?API version is (\d+\.\d+)/.exec(error.words)?.[1];
    if (oldest === undefined || oldest === version) throw error;
    version = oldest;
    return call(request);
  };
  return {
    host,
    json: async <T>(method: string, path: string, body?: unknown, options: CallOptions = {}) => {
      const words = await readText(await call({ ...wholly(options, method, path), method, path, body }));
      return (words.trim() === '' ? undefined : JSON.parse(words)) as T;
    },
    stream: (method, path, body, options = {}) => call({ timeoutMs: 0, ...options, method, path, body }),
  };
}

/**
 * What makes or joins something is never given up halfway: the engine would do it all the same, after the removal of
 * the run had looked. A signal that has been given already keeps it from being asked for.
 */
function wholly(options: CallOptions, method: string, path: string): CallOptions {
  if (!/\/(?:create|connect)(?:\?|$)/.test(path)) return options;
  throwIfStopped(options.signal, `asking the engine (${method} ${path.split('?')[0]})`);
  return { ...options, signal: undefined };
}

async function sendCall(transport: Transport, request: Request, version: string): Promise<IncomingMessage> {
  try {
    return await transport({ ...request, path: `/v${version}${request.path}` });
  } catch (error) {
    throwIfStopped(request.signal, `asking the engine (${request.method} ${request.path.split('?')[0]})`);
    // A stream that we send may break for reasons of its own, and a mistake of ours is not the engine's silence.
    const code = codeOf(error);
    if (error instanceof Failure || code === undefined) throw error;
    throw new EngineError(request, 0, code === noAnswer ? messageOf(error) : code, error);
  }
}

async function readError(request: Request, answer: IncomingMessage): Promise<EngineError> {
  const body = await readText(answer).catch(() => '');
  let words = body.trim();
  try {
    words = (JSON.parse(body) as { message?: string }).message ?? words;
  } catch {
    // Not every error of an engine (or of a proxy before it) is JSON; then its text is what there is.
  }
  return new EngineError(request, answer.statusCode ?? 0, words || `status ${answer.statusCode}`);
}
