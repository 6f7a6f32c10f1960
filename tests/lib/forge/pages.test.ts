import { readPages } from '@ccci/lib/forge/pages.ts';
import type { Ask, Reply, Requester } from '@ccci/lib/forge/request.ts';
import t from 'tap';
import { z } from 'zod';

/** A server with so many rows that gives so many a page, however many are asked for. */
function server(rows: number, { perPage, hasTotal = true }: { perPage: number; hasTotal?: boolean }) {
  const asked: number[] = [];
  const ask = async ({ query }: Ask): Promise<Reply> => {
    const page = Number(query?.page);
    asked.push(page);
    const all = Array.from({ length: rows }, (_, index) => index);
    const body = JSON.stringify(all.slice((page - 1) * perPage, page * perPage));
    return { status: 200, body, total: hasTotal ? rows : null, at: new Date(0) } as unknown as Reply;
  };
  const requester = { ask, read: (reply: Reply) => JSON.parse(reply.body) } as unknown as Requester;
  const read = () => readPages(requester, { method: 'GET', path: '/x' }, z.number());
  return { read, asked };
}

for (const [title, rows, options, pages] of [
  ['nothing costs one request', 0, { perPage: 50 }, 1],
  ['one page', 49, { perPage: 50 }, 1],
  ['a page that is just full', 50, { perPage: 50 }, 1],
  ['one more', 51, { perPage: 50 }, 2],
  ['a server that holds its pages shorter than ours', 47, { perPage: 20 }, 3],
  ['a server that counts nothing is asked until a page is empty', 47, { perPage: 20, hasTotal: false }, 4],
] as const) {
  t.test(title, async (t) => {
    const { read, asked } = server(rows, options);
    t.equal((await read()).items.length, rows, 'no row is lost');
    t.equal(asked.length, pages);
  });
}
