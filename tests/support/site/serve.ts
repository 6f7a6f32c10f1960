import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

export type Site = {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** `whole`: no ranges, as a very plain server; `away`: 503 for all. */
  mode: 'range' | 'whole' | 'away';
  /** Each request so far: path, `Range` and the status of the answer. */
  readonly seen: { readonly path: string; readonly range: string | null; readonly status: number }[];
  readonly close: () => Promise<void>;
};

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.log': 'text/plain; charset=utf-8',
};

/** Serves a folder as any web server would: files, ranges, nothing else. */
export async function serveFolder(root: string): Promise<Site> {
  const seen: Site['seen'] = [];
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname);
    const range = request.headers.range ?? null;
    const file = join(root, normalize(path), path.endsWith('/') ? 'index.html' : '');
    await answer(response, {
      file,
      range: site.mode === 'whole' ? null : range,
      isAway: site.mode === 'away',
    });
    seen.push({ path, range, status: response.statusCode });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const site: Site = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mode: 'range',
    seen,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return site;
}

type Asked = { readonly file: string; readonly range: string | null; readonly isAway: boolean };

async function answer(response: ServerResponse, { file, range, isAway }: Asked): Promise<void> {
  const stats = await stat(file).catch(() => null);
  if (isAway) return end(response, 503);
  if (stats === null || !stats.isFile()) return end(response, 404);
  const { size } = stats;
  response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
  response.setHeader('x-content-type-options', 'nosniff');
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  const from = Number(first ?? 0);
  const to = Math.min(size - 1, last ? Number(last) : size - 1);
  if (first !== undefined && from >= size) {
    response.setHeader('content-range', `bytes */${size}`);
    return end(response, 416);
  }
  if (first !== undefined) response.setHeader('content-range', `bytes ${from}-${to}/${size}`);
  response.writeHead(first === undefined ? 200 : 206);
  if (size === 0) return void response.end();
  createReadStream(file, { start: from, end: to }).pipe(response);
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}
