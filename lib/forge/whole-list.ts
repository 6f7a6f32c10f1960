import type { z } from 'zod';
import { forgeError } from './forge-error.ts';
import type { Ask, Reply, Requester } from './request.ts';
import { listOf } from './shapes.ts';

export type WholeList<Item> = {
  /** In the order of the forge, each once. */
  readonly items: readonly Item[];
  /** How many the forge counts, the ones that it does not show included; null where it does not say. */
  readonly total: number | null;
};

type Reading<Item> = WholeList<Item> & { readonly isStable: boolean };

/** Most that a page holds; the server may hold less (`[api] MAX_RESPONSE_ITEMS`). */
const pageSize = 50;
/** A bound, not a limit that anybody meets. */
const pageLimit = 400;
/** How often a list is read whose length changes meanwhile: what moves to a page that was read would be missing. */
const attempts = 3;

/**
 * Reads a list whole, or throws a `ForgeError`: never a part of it (L50). A page is the last one by the header `Link`
 * where there is one, else by what the forge counts, never by its length: a page may be short because of what the
 * token may not see. `keyOf` tells items apart.
 */
export async function readAll<Shape extends z.ZodType>(
  requester: Requester,
  ask: Ask,
  { shape, keyOf }: { readonly shape: Shape; readonly keyOf: (item: z.output<Shape>) => string | number },
): Promise<WholeList<z.output<Shape>>> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const { isStable, ...list } = await readOnce(requester, ask, shape);
    const items = [...new Map(list.items.map((item) => [keyOf(item), item])).values()];
    if (isStable) return { ...list, items };
  }
  throw cut(requester, ask, `a list that changed while it was read, ${attempts} times`);
}

/** The items of a list from which the forge holds nothing back; fewer than it counts are a `ForgeError`. */
export function allOf<Item>(requester: Requester, ask: Ask, list: WholeList<Item>): readonly Item[] {
  const { items, total } = list;
  if (total !== null && items.length < total)
    throw cut(requester, ask, `${items.length} of the ${total} that it counts`);
  return items;
}

async function readOnce<Shape extends z.ZodType>(
  requester: Requester,
  ask: Ask,
  shape: Shape,
): Promise<Reading<z.output<Shape>>> {
  const items: z.output<Shape>[] = [];
  const totals = new Set<number | null>();
  for (let page = 1; page <= pageLimit; page += 1) {
    const reply = await requester.ask({ ...ask, query: { ...ask.query, page, limit: pageSize } });
    const found = requester.read(reply, listOf(shape));
    items.push(...found);
    totals.add(reply.total);
    if (isLast(reply, found.length, items.length))
      return { items, total: reply.total, isStable: totals.size === 1 };
  }
  throw cut(requester, ask, `more than ${pageLimit} pages`);
}

function isLast({ headers, total }: Reply, found: number, read: number): boolean {
  const link = headers.get('link');
  if (link !== null) return !/rel="?next"?/.test(link);
  return found === 0 || (total !== null && read >= total);
}

function cut({ forge }: Requester, { method, path }: Ask, what: string) {
  return forgeError(
    { trouble: 'unreadable', forge, method, path, httpStatus: 200, retryAfterMs: null },
    `gave ${what}`,
    { hint: 'start again; when it stays so, look at what stands between ccci and the forge' },
  );
}
