import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { codeOf, exitStatus, Failure, messageOf } from '../program/failure.ts';
import { forwardRequest, forwardUpgrade } from './forward.ts';
import type { Address } from './http.ts';

export type FrontDoorOptions = {
  readonly domain: string;
  /** Where the routed service answers now; asked for each request; null while no task runs. */
  readonly resolve: () => Promise<Address | null>;
  /** The run's own folder, for `ca.pem`. */
  readonly workDir: string;
  readonly signal: AbortSignal;
  /** Further names of the certificate. */
  readonly names?: readonly string[];
};

export type FrontDoor = {
  /** `https://DOMAIN`, with a port where 443 could not be had. */
  readonly url: string;
  /** `ADDRESS:PORT`: where to connect instead of asking DNS for the domain. */
  readonly connect: string;
  readonly address: string;
  readonly port: number;
  /** PEM of the run's certificate authority. */
  readonly caFile: string;
  readonly close: () => Promise<void>;
};

/** How many loopback addresses are tried before another port is taken. */
const tries = 5;

/**
 * Opens what stands in for the proxy: TLS ends on a loopback address of the run's own, requests go on to the task.
 * Port 443 where that is allowed and free, else any port, which `url` then has. Closes by itself at the signal.
 */
export async function openFrontDoor({
  domain,
  resolve,
  workDir,
  signal,
  names = [],
}: FrontDoorOptions): Promise<FrontDoor> {
  // Loaded late: it is a fifth of ccci-stage, and a run needs it only once something is deployed.
  const { makeCertificate } = await import('./certificate.ts');
  const { ca, cert, key } = await makeCertificate([domain, `*.${domain}`, ...names], new Date());
  const caFile = join(workDir, 'ca.pem');
  await writeFile(caFile, ca, { mode: 0o644 });
  const sockets = new Set<Duplex>();
  const server = createServer({ cert, key, ALPNProtocols: ['http/1.1'] });
  server.on('request', (incoming, answer) => void forwardRequest(incoming, answer, resolve));
  server.on('upgrade', (incoming, socket, head) => void forwardUpgrade(incoming, socket, head, resolve));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  const { address, port } = await listenSomewhere(server, domain);
  const close = () =>
    new Promise<void>((closed) => {
      server.close(() => closed());
      for (const socket of sockets) socket.destroy();
    });
  signal.addEventListener('abort', () => void close(), { once: true });
  const url = port === 443 ? `https://${domain}` : `https://${domain}:${port}`;
  return { url, connect: `${address}:${port}`, address, port, caFile, close };
}

/** Loopback addresses for a domain, the same ones each time; never in 127.0.0.0/16, where other things listen. Pure. */
export function loopbackAddresses(domain: string): string[] {
  const hash = createHash('sha256').update(domain).digest();
  return Array.from({ length: tries }, (_, index) => {
    const [a, b, c] = [hash[index * 3]!, hash[index * 3 + 1]!, hash[index * 3 + 2]!];
    return `127.${1 + (a % 254)}.${b}.${1 + (c % 254)}`;
  });
}

async function listenSomewhere(server: Server, domain: string): Promise<Address> {
  const addresses = loopbackAddresses(domain);
  for (const address of addresses) {
    const result = await tryListen(server, address, 443);
    if (typeof result !== 'string') return result;
    if (result === 'EACCES') break;
  }
  for (const address of [addresses[0]!, '127.0.0.1']) {
    const result = await tryListen(server, address, 0);
    if (typeof result !== 'string') return result;
  }
  throw new Failure(
    exitStatus.unavailable,
    'no-front-door',
    `cannot listen on any loopback address for ${domain}`,
  );
}

/** The address, or the system's word why not. */
function tryListen(server: Server, host: string, port: number): Promise<Address | string> {
  return new Promise((resolve) => {
    const onError = (error: Error) => resolve(codeOf(error) ?? messageOf(error));
    server.once('error', onError);
    server.listen({ host, port }, () => {
      server.off('error', onError);
      resolve({ address: host, port: (server.address() as AddressInfo).port });
    });
  });
}
