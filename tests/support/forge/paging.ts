/** Pages as Gitea counts them. */

/** `[api] DEFAULT_PAGING_NUM` and `MAX_RESPONSE_ITEMS`, and `[ui] ISSUE_PAGING_NUM` of 1.25. */
export const defaultLimit = 30;
export const maxLimit = 50;
export const searchLimit = 20;

/** One page of something, and its headers. */
export type Page<T> = { readonly items: readonly T[]; readonly headers: Record<string, string> };

/** A list that is always cut into pages; without `page` it is the first one. */
export function paged<T>(all: readonly T[], url: URL, absent: number = defaultLimit): Page<T> {
  const limit = readLimit(url.searchParams, absent);
  const page = Math.max(readInt(url.searchParams, 'page'), 1);
  const headers: Record<string, string> = { 'x-total-count': String(all.length) };
  const link = linkHeader(url, all.length, limit, page);
  if (link !== '') headers.link = link;
  headers['access-control-expose-headers'] = link === '' ? 'X-Total-Count' : 'X-Total-Count, Link';
  return { items: all.slice((page - 1) * limit, page * limit), headers };
}

/** A list that is cut only when `page` is asked for: without it `limit` is ignored and everything comes. */
export function pagedOnDemand<T>(all: readonly T[], query: URLSearchParams): readonly T[] {
  const page = readInt(query, 'page');
  const limit = readLimit(query, defaultLimit);
  return page > 0 ? all.slice((page - 1) * limit, page * limit) : all;
}

/** The header of a list that has no `Link`. */
export function total(count: number): Record<string, string> {
  return { 'x-total-count': String(count), 'access-control-expose-headers': 'X-Total-Count' };
}

function readLimit(query: URLSearchParams, absent: number): number {
  const limit = readInt(query, 'limit');
  return limit <= 0 ? absent : Math.min(limit, maxLimit);
}

function readInt(query: URLSearchParams, name: string): number {
  const value = Number(query.get(name) ?? 0);
  return Number.isInteger(value) ? value : 0;
}

function linkHeader(url: URL, count: number, limit: number, page: number): string {
  const last = Math.max(Math.ceil(count / limit), 1);
  const to = (rel: string, target: number) => {
    const link = new URL(url);
    link.searchParams.set('page', String(target));
    link.searchParams.sort();
    return `<${link}>; rel="${rel}"`;
  };
  const links: string[] = [];
  if (page < last) links.push(to('next', page + 1), to('last', last));
  if (page > 1) links.push(to('first', 1), to('prev', page - 1));
  return links.join(',');
}
