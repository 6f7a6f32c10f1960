/** A part of a file that a web server has, or why there is none. */
export type Answer =
  | {
      readonly kind: 'piece';
      readonly bytes: Uint8Array;
      /** Of the whole file, null where the server does not say. */
      readonly total: number | null;
      /** False: the server knows no ranges, and sent all from the beginning. */
      readonly isRanged: boolean;
    }
  /** There is no such file. */
  | { readonly kind: 'gone' }
  /** The file ends before the part begins. */
  | { readonly kind: 'short' }
  /** The server cannot be reached, or cannot answer now. */
  | { readonly kind: 'away' };

export type Part = { readonly from: number; readonly bytes: number };
export type Get = (
  url: string,
  init: {
    readonly headers: Record<string, string>;
    readonly cache: 'no-store';
    readonly signal?: AbortSignal;
  },
) => Promise<Response>;

/** Asks for a part of a file; of what comes no more than that is kept in memory. Never throws. */
export async function fetchPart(
  url: string,
  part: Part,
  get: Get = (address, init) => fetch(address, init),
  signal?: AbortSignal,
): Promise<Answer> {
  const headers = { Range: `bytes=${part.from}-${part.from + part.bytes - 1}` };
  try {
    const response = await get(url, { headers, cache: 'no-store', ...(signal ? { signal } : {}) });
    if (response.status === 206) return await ranged(response, part);
    if (response.status === 200) return await whole(response, part);
    await response.body?.cancel();
    if (response.status === 404 || response.status === 410) return { kind: 'gone' };
    return { kind: response.status === 416 ? 'short' : 'away' };
  } catch {
    return { kind: 'away' };
  }
}

async function ranged(response: Response, { from, bytes }: Part): Promise<Answer> {
  const [, begin, total] =
    /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '') ?? [];
  if (Number(begin) !== from) return { kind: 'away' };
  const all = new Uint8Array(await response.arrayBuffer());
  return {
    kind: 'piece',
    bytes: all.subarray(0, bytes),
    total: total === undefined || total === '*' ? null : Number(total),
    isRanged: true,
  };
}

async function whole(response: Response, { from, bytes }: Part): Promise<Answer> {
  const reader = response.body?.getReader();
  const kept = new Uint8Array(bytes);
  let [position, length] = [0, 0];
  while (reader !== undefined && length < bytes) {
    const { done, value } = await reader.read();
    if (done) return end(position, from, kept.subarray(0, length));
    const fresh = value.subarray(Math.max(0, from - position), Math.max(0, from + bytes - position));
    kept.set(fresh, length);
    length += fresh.length;
    position += value.length;
  }
  await reader?.cancel();
  return { kind: 'piece', bytes: kept, total: null, isRanged: false };
}

function end(total: number, from: number, bytes: Uint8Array): Answer {
  return total <= from && from > 0 ? { kind: 'short' } : { kind: 'piece', bytes, total, isRanged: false };
}
