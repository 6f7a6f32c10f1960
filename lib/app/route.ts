/** What a request asks for; `dep` is null for the app itself. */
export type Route =
  | { readonly kind: 'list'; readonly dep: string | null }
  | { readonly kind: 'inspect'; readonly dep: string | null; readonly service: string }
  | { readonly kind: 'logs'; readonly dep: string | null; readonly service: string; readonly tail: number }
  | { readonly kind: 'exec'; readonly dep: string | null; readonly service: string };

/** Why a request is not answered: an HTTP status, and words for the author of the test. */
export type Refusal = { readonly status: number; readonly error: string };

const usualTail = 100;
const longestTail = 1_000;
const known = 'GET /services, GET /services/NAME, GET /services/NAME/logs?tail=N, POST /services/NAME/exec';

/** Reads method and path; the protocol is told in docs/app-socket.md. Pure. */
export function parseRoute(method: string, target: string): Route | Refusal {
  const url = URL.canParse(target, 'http://app') ? new URL(target, 'http://app') : null;
  const parts = url === null ? null : decode(url.pathname.split('/').slice(1));
  if (url === null || parts === null) return refuse(400, `cannot read the path ${target}`);
  const dep = parts[0] === 'deps' ? (parts[1] ?? '') : null;
  const [services, service, verb, ...more] = dep === null ? parts : parts.slice(2);
  if (services !== 'services' || more.length > 0) return unknown(method, target);
  if (service === undefined) return only('GET', method, { kind: 'list', dep });
  if (verb === undefined) return only('GET', method, { kind: 'inspect', dep, service });
  if (verb === 'exec') return only('POST', method, { kind: 'exec', dep, service });
  if (verb !== 'logs') return unknown(method, target);
  const tail = Number(url.searchParams.get('tail') ?? usualTail);
  if (!Number.isInteger(tail) || tail < 1 || tail > longestTail)
    return refuse(400, `tail: expected a whole number from 1 to ${longestTail}`);
  return only('GET', method, { kind: 'logs', dep, service, tail });
}

export function isRefusal(value: object): value is Refusal {
  return 'error' in value && 'status' in value;
}

export function refuse(status: number, error: string): Refusal {
  return { status, error };
}

function only(wanted: string, method: string, route: Route): Route | Refusal {
  return method === wanted ? route : refuse(405, `${route.kind} is asked for with ${wanted}, not ${method}`);
}

function unknown(method: string, target: string): Refusal {
  return refuse(404, `there is no ${method} ${target}; there are ${known}, and the same below /deps/RECIPE`);
}

function decode(parts: readonly string[]): string[] | null {
  try {
    return parts.map((part) => decodeURIComponent(part));
  } catch {
    return null;
  }
}
