import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

export type Registry = {
  /** `127.0.0.1:PORT`, as images name it. */
  readonly host: string;
  readonly close: () => void;
};

/**
 * A stand-in for a registry, on loopback and over plain HTTP, which an engine takes there: one image (an empty layer) of
 * any tag, for one user with basic authentication.
 */
export async function startRegistry(
  name: string,
  { user, password }: { readonly user: string; readonly password: string },
): Promise<Registry> {
  const tar = Buffer.alloc(1024);
  const layer = gzipSync(tar);
  const config = Buffer.from(
    JSON.stringify({
      os: 'linux',
      architecture: 'amd64',
      config: {},
      rootfs: { type: 'layers', diff_ids: [digest(tar)] },
    }),
  );
  const types = 'application/vnd.docker.distribution.manifest.v2+json';
  const part = (mediaType: string, data: Buffer) => ({ mediaType, size: data.length, digest: digest(data) });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: types,
      config: part('application/vnd.docker.container.image.v1+json', config),
      layers: [part('application/vnd.docker.image.rootfs.diff.tar.gzip', layer)],
    }),
  );
  const blobs = new Map([layer, config].map((data) => [digest(data), data]));
  const good = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const server = createServer(({ url = '', headers, method }, response) => {
    if (headers.authorization !== good) {
      response.writeHead(401, {
        'www-authenticate': 'Basic realm="stand-in"',
        'content-type': 'application/json',
      });
      response.end('{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}');
      return;
    }
    if (url === '/v2/') return void response.end('{}');
    const [, kind, reference = ''] = new RegExp(`^/v2/${name}/(manifests|blobs)/(.+)$`).exec(url) ?? [];
    const data = kind === 'manifests' ? manifest : blobs.get(reference);
    if (data === undefined) return void response.writeHead(404).end();
    response.writeHead(200, {
      'content-type': kind === 'manifests' ? types : 'application/octet-stream',
      'content-length': data.length,
      'docker-content-digest': digest(data),
    });
    response.end(method === 'HEAD' ? undefined : data);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

function digest(data: Buffer): string {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`;
}
