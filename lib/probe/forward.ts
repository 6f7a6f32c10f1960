import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as plainRequest,
  type ServerResponse,
} from 'node:http';
import { request as tlsRequest } from 'node:https';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { connect as tlsConnect } from 'node:tls';
import { messageOf } from '../program/failure.ts';
import { type Address, tlsOptions } from './http.ts';

type Resolve = () => Promise<Address | null>;

/** Headers of one connection only (RFC 9110, 7.6.1); the others go on as they are. */
const ofConnection = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Hands a request to the task and its answer back. Without a task 503, without its answer 502, in plain words. */
export async function forwardRequest(
  incoming: IncomingMessage,
  answer: ServerResponse,
  resolve: Resolve,
): Promise<void> {
  try {
    const target = await resolve();
    if (target === null) return refuse(answer, 503, 'no task of the routed service runs');
    const { statusCode = 502, statusMessage, rawHeaders, body } = await send(incoming, target);
    answer.writeHead(statusCode, statusMessage, withoutConnection(rawHeaders));
    await pipeline(body, answer);
  } catch (error) {
    if (answer.headersSent) answer.destroy();
    else refuse(answer, 502, `the task did not answer: ${messageOf(error)}`);
  }
}

/** Hands an upgrade (a websocket) to the task; from then on bytes go both ways. */
export async function forwardUpgrade(
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  resolve: Resolve,
): Promise<void> {
  socket.on('error', () => socket.destroy());
  const target = await resolve().catch(() => null);
  if (target === null)
    return void socket.end(
      'HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n',
    );
  const where = { host: target.address, port: target.port };
  const upstream =
    target.tls === true ? tlsConnect({ ...where, ...tlsOptions(nameOf(incoming)) }) : connect(where);
  upstream.on('error', () => socket.destroy());
  socket.on('close', () => upstream.destroy());
  upstream.on('close', () => socket.destroy());
  upstream.on(target.tls === true ? 'secureConnect' : 'connect', () => {
    const headers = Object.entries({
      ...withForwarded(incoming),
      connection: 'Upgrade',
      upgrade: incoming.headers.upgrade ?? 'websocket',
    });
    const lines = headers.flatMap(([name, value]) => [value ?? []].flat().map((one) => `${name}: ${one}`));
    upstream.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    upstream.write(head);
    socket.pipe(upstream).pipe(socket);
  });
}

type Answer = {
  statusCode: number | undefined;
  statusMessage: string | undefined;
  rawHeaders: string[];
  body: IncomingMessage;
};

function send(incoming: IncomingMessage, target: Address): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = (target.tls === true ? tlsRequest : plainRequest)(
      {
        ...tlsOptions(nameOf(incoming)),
        host: target.address,
        port: target.port,
        method: incoming.method,
        path: incoming.url,
        headers: withForwarded(incoming),
        agent: false,
      },
      (body) =>
        resolve({
          statusCode: body.statusCode,
          statusMessage: body.statusMessage,
          rawHeaders: body.rawHeaders,
          body,
        }),
    );
    outgoing.on('error', reject);
    incoming.on('close', () => {
      if (!incoming.complete) outgoing.destroy();
    });
    incoming.pipe(outgoing);
  });
}

function nameOf({ headers }: IncomingMessage): string {
  return (headers.host ?? '').replace(/:\d+$/, '');
}

/** The caller's headers with `Host` kept and what a proxy adds. */
function withForwarded(incoming: IncomingMessage): IncomingHttpHeaders {
  const kept = Object.entries(incoming.headers).filter(([name]) => !ofConnection.has(name));
  return {
    ...Object.fromEntries(kept),
    ...(incoming.headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' }),
    'x-forwarded-proto': 'https',
    'x-forwarded-host': incoming.headers.host ?? '',
    'x-forwarded-port': String(incoming.socket.localPort ?? 443),
    'x-forwarded-for': incoming.socket.remoteAddress ?? '127.0.0.1',
    'x-real-ip': incoming.socket.remoteAddress ?? '127.0.0.1',
  };
}

function withoutConnection(rawHeaders: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (!ofConnection.has(rawHeaders[index]!.toLowerCase()))
      kept.push(rawHeaders[index]!, rawHeaders[index + 1]!);
  }
  return kept;
}

function refuse(answer: ServerResponse, status: number, words: string): void {
  answer.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'x-ccci': 'front-door' });
  answer.end(`${words}\n`);
}
