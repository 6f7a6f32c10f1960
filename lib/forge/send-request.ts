import { withDeadline } from './deadline.ts';
import { exchange, type HttpRequest } from './exchange.ts';
import { forgeError } from './forge-error.ts';
import type { Ask, Reply, RequesterOptions } from './request.ts';

/** Sends one request and reads its whole answer, whatever its status; no answer in time is a `ForgeError`. */
export async function send(ask: Ask, options: RequesterOptions): Promise<Reply> {
  const { requestMs, signal, exchange: make = exchange, now = () => new Date() } = options;
  try {
    return await withDeadline(requestMs, signal, async (limited) => {
      const request = { url: address(ask, options.url), ...init(ask, options.token), signal: limited };
      const { status, headers, body } = await make(request);
      const date = Date.parse(headers.get('date') ?? '');
      const at = Number.isNaN(date) ? now() : new Date(date);
      const total = headers.get('x-total-count');
      return { ask, status, headers, body, at, total: total === null ? null : Number(total) };
    });
  } catch (error) {
    if (signal.aborted) throw new DOMException('stopped', 'AbortError');
    throw unreachable(ask, options, error);
  }
}

function address(ask: Ask, url: string): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(ask.query ?? {})) query.set(key, String(value));
  return `${url.replace(/\/+$/, '')}/api/v1${ask.path}${query.size > 0 ? `?${query}` : ''}`;
}

function init(ask: Ask, token: string | undefined): Omit<HttpRequest, 'url' | 'signal'> {
  const headers: Record<string, string> = { accept: 'application/json', 'user-agent': 'ccci' };
  if (token !== undefined) headers.authorization = `token ${token}`;
  if (ask.body !== undefined) headers['content-type'] = 'application/json';
  return {
    method: ask.method,
    headers,
    ...(ask.body === undefined ? {} : { body: JSON.stringify(ask.body) }),
  };
}

function unreachable(ask: Ask, { name, url }: RequesterOptions, error: unknown) {
  // The error of a name with several addresses has no message.
  const { message, code } = error as Error & { code?: string };
  return forgeError(
    {
      trouble: 'unreachable',
      forge: name,
      method: ask.method,
      path: ask.path,
      httpStatus: null,
      retryAfterMs: null,
    },
    `got no answer: ${message || code}`,
    { cause: error, hint: `check that ${url} is up and is what forges.${name}.url says` },
  );
}
