import { once } from 'node:events';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { readNginx } from './documented.ts';

export type SiteServer = {
  readonly url: string;
  /** Paths that were asked for and are not there. */
  readonly missing: readonly string[];
  readonly close: () => void;
};

/** Serves a folder on loopback as `docs/pages.md` says, without a web server's own ideas. */
export async function startSiteServer(folder: string): Promise<SiteServer> {
  const { headers, types } = readNginx();
  const missing: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname);
    const asked = join(folder, path);
    const file = existsSync(asked) && statSync(asked).isDirectory() ? join(asked, 'index.html') : asked;
    if (!existsSync(file)) {
      missing.push(path);
      response.writeHead(404).end();
      return;
    }
    const type = types[extname(file).slice(1)] ?? 'application/octet-stream';
    response.writeHead(200, { ...headers, 'Content-Type': type });
    createReadStream(file).pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    missing,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
