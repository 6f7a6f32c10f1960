import type { z } from 'zod';
import type { Ask, Reply, Requester } from './request.ts';
import { listOf, utcSeconds } from './shapes.ts';
import type { Listing } from './types.ts';

/** Most that a page holds (`[api] MAX_RESPONSE_ITEMS`); without `page` nothing is paged and `limit` is ignored. */
const pageSize = 50;
/** A bound, not a limit that anybody meets. */
const pageLimit = 400;

/** Reads a list to its end, page by page; `at` is the clock of the first answer, so nothing is read past it. */
export async function readPages<Shape extends z.ZodType>(
  requester: Requester,
  ask: Ask,
  shape: Shape,
): Promise<Listing<z.output<Shape>>> {
  const items: z.output<Shape>[] = [];
  let at = '';
  for (let page = 1; page <= pageLimit; page += 1) {
    const reply = await requester.ask({ ...ask, query: { ...ask.query, page, limit: pageSize } });
    if (page === 1) at = utcSeconds(reply.at);
    const found = requester.read(reply, listOf(shape));
    items.push(...found);
    if (isLast(reply, items.length, found.length)) break;
  }
  return { items, at };
}

/** A list that is never cut into pages. */
export async function readWhole<Shape extends z.ZodType>(
  requester: Requester,
  ask: Ask,
  shape: Shape,
): Promise<Listing<z.output<Shape>>> {
  const reply = await requester.ask(ask);
  return { items: requester.read(reply, listOf(shape)), at: utcSeconds(reply.at) };
}

/** What was read counts, not what was asked for: a server may hold its pages shorter than ours. */
function isLast({ total }: Reply, read: number, found: number): boolean {
  return found === 0 || (total !== null && read >= total);
}
