import { Agent, type IncomingMessage, request } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { exitStatus, Failure } from '../program/failure.ts';

/** Where an engine listens, as `node:http` wants it. */
export type Address = { readonly socketPath: string } | { readonly host: string; readonly port: number };

export type CallOptions = {
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Longest silence of the engine, in milliseconds; 0 for streams that may be silent. */
  readonly timeoutMs?: number;
};

export type Request = CallOptions & {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
};

/** Longest silence of the engine within one call: removing a large volume takes its time. */
const silenceMs = 120_000;

/** The code of the error when the engine was silent for too long. */
export const noAnswer = 'ENGINESILENT';

/**
 * Reads `DOCKER_HOST`: `unix:///path` (the default is the usual socket) or `tcp://host:port`.
 * `ssh://` is a `Failure` `engine-host` (78): the API is needed, and ssh gives only the client.
 */
export function parseHost(dockerHost: string | undefined): {
  readonly host: string;
  readonly address: Address;
} {
  const host = dockerHost || 'unix:///var/run/docker.sock';
  const [, scheme, rest = ''] = /^([a-z]+):\/\/(.+)$/.exec(host) ?? [];
  if (scheme === 'unix') return { host, address: { socketPath: rest } };
  if (scheme === 'tcp' || scheme === 'http') {
    const url = URL.canParse(`http://${rest}`) ? new URL(`http://${rest}`) : null;
    if (url?.hostname) return { host, address: { host: url.hostname, port: Number(url.port || 2375) } };
  }
  throw new Failure(
    exitStatus.configuration,
    'engine-host',
    `DOCKER_HOST: cannot use ${host}, expected unix:///path or tcp://host:port`,
    {
      hint:
        scheme === 'ssh'
          ? 'Forward the socket, `ssh -L /run/remote-docker.sock:/var/run/docker.sock HOST`, and use unix:///run/remote-docker.sock.'
          : 'Set DOCKER_HOST to the engine’s socket.',
    },
  );
}

export type Transport = (call: Request) => Promise<IncomingMessage>;

/** Makes calls over kept-alive connections; an answer of any status is an answer. */
export function openTransport(address: Address): Transport {
  const agent = new Agent({ keepAlive: true });
  return async (call) => {
    try {
      return await send(address, agent, call);
    } catch (error) {
      // A kept-alive connection may be closed by the engine just when we use it; asking again is safe for a GET only.
      if (call.method === 'GET' && (error as { reused?: boolean }).reused) return send(address, agent, call);
      throw error;
    }
  };
}

function send(address: Address, agent: Agent, call: Request): Promise<IncomingMessage> {
  const { method, path, body, signal, headers = {}, timeoutMs = silenceMs } = call;
  const isRaw = body instanceof Readable || Buffer.isBuffer(body);
  const payload = body === undefined || isRaw ? body : JSON.stringify(body);
  const type = body === undefined ? {} : { 'content-type': isRaw ? 'application/x-tar' : 'application/json' };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        ...address,
        agent,
        method,
        path,
        headers: { host: 'engine', ...type, ...headers },
        ...(signal ? { signal } : {}),
      },
      resolve,
    );
    outgoing.setTimeout(timeoutMs, () =>
      outgoing.destroy(
        Object.assign(new Error(`no answer within ${timeoutMs / 1000} s`), { code: noAnswer }),
      ),
    );
    outgoing.on('error', (error) => reject(Object.assign(error, { reused: outgoing.reusedSocket })));
    if (payload instanceof Readable) {
      payload.on('error', (error) => outgoing.destroy(error));
      payload.pipe(outgoing);
    } else outgoing.end(payload);
  });
}

/** The whole body as text. */
export function readText(message: IncomingMessage): Promise<string> {
  return text(message);
}
