import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { codeOf, exitStatus, Failure, messageOf } from '../program/failure.ts';
import { type FrontDoor, type FrontDoorOptions, loopbackAddresses } from './front-door.ts';
import type { Address } from './http.ts';

/**
 * Opens the way to a service that speaks no HTTP: bytes go on to its newest task, from a loopback address of the run's
 * own and the port of the service where that can be had. `url` is `tcp://DOMAIN:PORT`. Closes by itself at the signal.
 */
export async function openTcpDoor(
  { domain, resolve, workDir, signal }: FrontDoorOptions,
  wanted: number,
): Promise<FrontDoor> {
  const caFile = join(workDir, 'ca.pem');
  await writeFile(caFile, rootCertificates.join('\n'), { mode: 0o644 });
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    keep(socket);
    void forward(socket, resolve, keep);
  });
  const { address, port } = await listenSomewhere(server, domain, wanted);
  const close = () =>
    new Promise<void>((closed) => {
      server.close(() => closed());
      for (const socket of sockets) socket.destroy();
    });
  signal.addEventListener('abort', () => void close(), { once: true });
  return { url: `tcp://${domain}:${port}`, connect: `${address}:${port}`, address, port, caFile, close };
}

async function forward(
  socket: Socket,
  resolve: FrontDoorOptions['resolve'],
  keep: (socket: Socket) => void,
): Promise<void> {
  const target = await resolve().catch(() => null);
  if (target === null) return void socket.destroy();
  const upstream = connect({ host: target.address, port: target.port, allowHalfOpen: true });
  keep(upstream);
  socket.on('close', () => upstream.destroy());
  upstream.on('close', () => socket.destroy());
  socket.pipe(upstream).pipe(socket);
}

async function listenSomewhere(server: Server, domain: string, wanted: number): Promise<Address> {
  const [first = '127.0.0.1', ...others] = loopbackAddresses(domain);
  const tries = [...[first, ...others].map((host) => ({ host, port: wanted })), { host: first, port: 0 }];
  for (const { host, port } of tries) {
    const problem = await tryListen(server, host, port);
    if (problem === null) return { address: host, port: (server.address() as AddressInfo).port };
  }
  throw new Failure(
    exitStatus.unavailable,
    'no-front-door',
    `cannot listen on any loopback address for ${domain}`,
  );
}

/** Null when it listens, else the system's word why not. */
function tryListen(server: Server, host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const onError = (error: Error) => resolve(codeOf(error) ?? messageOf(error));
    server.once('error', onError);
    server.listen({ host, port }, () => {
      server.off('error', onError);
      resolve(null);
    });
  });
}
