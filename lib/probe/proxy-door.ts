import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, rootCertificates } from 'node:tls';
import { exitStatus, Failure, messageOf } from '../program/failure.ts';
import type { FrontDoor } from './front-door.ts';
import type { Address } from './http.ts';

export type ProxyDoorOptions = {
  readonly domain: string;
  /** Where the proxy takes HTTPS. */
  readonly proxy: Address;
  /** PEM of who vouches for its certificate; null: whom everybody trusts. */
  readonly caFile: string | null;
  /** The run's own folder, for `ca.pem`. */
  readonly workDir: string;
  readonly signal: AbortSignal;
};

const limitMs = 10_000;

/**
 * The proxy itself as the way in: nothing is opened, but it is looked at once, so that a certificate that does not fit
 * is not taken for the recipe's fault. `Failure`s (69): `proxy-unreachable`, `proxy-certificate`.
 */
export async function openProxyDoor(options: ProxyDoorOptions): Promise<FrontDoor> {
  const { domain, proxy, caFile, workDir } = options;
  const trusted = caFile === null ? rootCertificates.join('\n') : await readFile(caFile, 'utf8');
  await checkCertificate(options, trusted);
  const ownCaFile = join(workDir, 'ca.pem');
  await writeFile(ownCaFile, trusted, { mode: 0o644 });
  const { address, port } = proxy;
  const url = port === 443 ? `https://${domain}` : `https://${domain}:${port}`;
  return { url, connect: `${address}:${port}`, address, port, caFile: ownCaFile, close: async () => {} };
}

function checkCertificate({ domain, proxy, signal }: ProxyDoorOptions, ca: string): Promise<void> {
  const where = `${proxy.address}:${proxy.port}`;
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: proxy.address,
      port: proxy.port,
      servername: domain,
      ca,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
      timeout: limitMs,
    });
    const end = (failure: Failure | null) => {
      signal.removeEventListener('abort', stop);
      socket.destroy();
      if (failure === null) resolve();
      else reject(failure);
    };
    const unreachable = (why: string) => {
      const hint = 'see stage.proxyConnect';
      const message = `the proxy does not answer at ${where}: ${why}`;
      return new Failure(exitStatus.unavailable, 'proxy-unreachable', message, { hint });
    };
    const stop = () => end(unreachable('stopped'));
    signal.addEventListener('abort', stop, { once: true });
    socket.on('error', (error) => end(unreachable(messageOf(error))));
    socket.on('timeout', () => end(unreachable(`nothing within ${limitMs / 1000} s`)));
    socket.on('secureConnect', () => {
      if (socket.authorized) return end(null);
      const why = messageOf(socket.authorizationError);
      const message = `the certificate that the proxy at ${where} shows for ${domain} is not trusted: ${why}`;
      const hint = 'it needs one for *.<stage.domain>; stage.proxyCaFile names who vouches for it';
      end(new Failure(exitStatus.unavailable, 'proxy-certificate', message, { hint }));
    });
  });
}
