import { type ForgeTrouble, forgeError } from './forge-error.ts';
import type { Reply } from './request.ts';

/**
 * Where a redirect leads within the API, as a path below `/api/v1` with its query; null where it is none of ours.
 * Hosts are not compared, paths are: a forge names itself by an address of its own (forge-api.md, 1.7), and a token
 * goes to no other server than the configured one. 303 is never followed (L04).
 */
export function redirectedPath({ status, headers }: Reply): string | null {
  if (![301, 302, 307, 308].includes(status)) return null;
  const location = headers.get('location');
  const at = location === null ? -1 : location.indexOf('/api/v1/');
  return location === null || at === -1 ? null : location.slice(at + '/api/v1'.length);
}

/** Returns a reply that is an answer; anything else is a `ForgeError` that says what to do. */
export function checkStatus(forge: string, reply: Reply): Reply {
  const { ask, status, headers } = reply;
  if ((status >= 200 && status < 300) || ask.accept?.includes(status)) return reply;
  const retryAfterMs = readRetryAfter(headers.get('retry-after'), reply.at);
  throw forgeError(
    {
      trouble: troubleOf(status, retryAfterMs),
      forge,
      method: ask.method,
      path: ask.path,
      httpStatus: status,
      retryAfterMs,
    },
    `was answered with ${status}${wordsOf(reply)}`,
    { hint: hintOf(status, forge, reply.body) },
  );
}

function troubleOf(status: number, retryAfterMs: number | null): ForgeTrouble {
  if (status === 429 || (status === 503 && retryAfterMs !== null)) return 'busy';
  if (status >= 500 || status === 408) return 'failed';
  return status >= 400 ? 'refused' : 'redirected';
}

/** Seconds or a date. Source: RFC 9110, 10.2.3. */
function readRetryAfter(header: string | null, at: Date): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - at.getTime();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

/** The forge's own words: foreign, so one short line of them. */
function wordsOf({ body }: Reply): string {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    return typeof message === 'string' && message !== ''
      ? ` (${message.replaceAll(/\s+/g, ' ').slice(0, 200)})`
      : '';
  } catch {
    return '';
  }
}

function hintOf(status: number, forge: string, body: string): string | undefined {
  if (status === 401)
    return `the token is missing or no longer valid: see the token files of forges.${forge}`;
  if (status === 403 && body.includes('scope'))
    return `the token of forges.${forge} lacks a scope: see README.md, Configuration`;
  if (status === 403) return 'the bot user lacks the right';
  if (status === 400 || status === 404) return 'check the name, and that the bot user may see it';
  if (status < 400) return `check forges.${forge}.url: it leads somewhere else`;
  return undefined;
}
