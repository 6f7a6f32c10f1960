import { type IncomingHttpHeaders, request as plainRequest, type RequestOptions } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { messageOf } from '../program/failure.ts';
import { throwIfStopped } from '../program/stopped.ts';

/** What one probe saw. */
export type Probe = {
  readonly ok: boolean;
  /** Of the last answer; null when there was none. */
  readonly status: number | null;
  readonly ms: number;
  /** Why it is not well; null when it is. */
  readonly message: string | null;
  /** Who answered, in words, where that is known. */
  readonly by?: string | undefined;
};

export type ProbeTarget = {
  /** The domain: it goes into `Host`, and redirects are followed while they stay on it. */
  readonly host: string;
  readonly path: string;
  /** Accepted statuses; 200 unless told. */
  readonly ok?: readonly number[];
  readonly signal?: AbortSignal | undefined;
};

/** Where something answers. */
export type Address = {
  readonly address: string;
  readonly port: number;
  /** It speaks TLS; its certificate is not looked at here. */
  readonly tls?: boolean | undefined;
  /** It is the proxy and not the task itself: its own 404 says that it has no route. */
  readonly isProxy?: boolean | undefined;
  /** Who it is, in words: `task 1a2b3c`. */
  readonly by?: string | undefined;
};

const mostRedirects = 10;
const firstAttemptMs = 10_000;
const longestAttemptMs = 60_000;

/**
 * Asks a task over HTTP as its proxy would, or through the proxy. A redirect is followed while it stays on the domain;
 * the last answer counts, and never the proxy's own 404 (stages.md, What passes). Never throws for what the task does:
 * that is the result.
 */
export async function probeHttp(
  options: ProbeTarget & Address & { readonly timeoutMs: number },
): Promise<Probe> {
  const { host, ok = [200], timeoutMs, signal } = options;
  const startedAt = performance.now();
  const deadline = AbortSignal.timeout(Math.ceil(timeoutMs));
  const either = signal ? AbortSignal.any([signal, deadline]) : deadline;
  const result = (status: number | null, message: string | null): Probe => {
    const ms = Math.round(performance.now() - startedAt);
    return { ok: message === null, status, ms, message, by: options.by };
  };
  let path = options.path;
  try {
    for (let redirects = 0; ; redirects += 1) {
      const { status, headers } = await ask({ ...options, path }, either);
      if (options.isProxy === true && isProxysOwn(status, headers))
        return result(status, `${path} answered 404 by the proxy itself, which has no route to ${host}`);
      if (ok.includes(status)) return result(status, null);
      const next = isRedirect(status) ? redirectPath(headers.location, host, path) : null;
      if (next === null)
        return result(
          status,
          `${path} answered ${status}${offDomain(status, headers)}, expected ${ok.join(', ')}`,
        );
      if (redirects === mostRedirects)
        return result(status, `${options.path} redirects more than ${mostRedirects} times`);
      path = next;
    }
  } catch (error) {
    throwIfStopped(signal, `probing ${host}`);
    const why = deadline.aborted ? `no answer within ${Math.ceil(timeoutMs) / 1000} s` : messageOf(error);
    return result(null, `${path}: ${why}`);
  }
}

export type WaitOptions = ProbeTarget & {
  /** Where the service answers now; null while no task runs. */
  readonly resolve: () => Promise<Address | null>;
  readonly timeoutMs: number;
};

/** Probes until the answer is well or the time is up; then the last answer says why. */
export async function waitHttp({ resolve, timeoutMs, ...target }: WaitOptions): Promise<Probe> {
  const startedAt = performance.now();
  let last: Probe = { ok: false, status: null, ms: 0, message: 'no task runs' };
  let attemptMs = firstAttemptMs;
  for (let pauseMs = 50; ; pauseMs = Math.min(1_000, pauseMs * 1.5)) {
    throwIfStopped(target.signal, `waiting for ${target.host} to answer`);
    const leftMs = timeoutMs - (performance.now() - startedAt);
    if (leftMs <= 0)
      return {
        ...last,
        ms: Math.round(timeoutMs),
        message: `${last.message ?? 'no answer'}, for ${timeoutMs / 1000} s`,
      };
    const address = await resolve();
    if (address !== null)
      last = await probeHttp({ ...target, ...address, timeoutMs: Math.min(attemptMs, leftMs) });
    if (last.ok) return { ...last, ms: Math.round(performance.now() - startedAt) };
    // The first page of a cold service may take its time: who was not waited for long enough is waited for longer.
    if (address !== null && last.status === null) attemptMs = Math.min(longestAttemptMs, attemptMs * 2);
    await pause(Math.min(pauseMs, leftMs), target.signal);
  }
}

/**
 * The path of a redirect that stays on the domain, relative ones included; null for one that leads away, to another
 * port too: the proxy serves none but its own. Pure.
 */
export function redirectPath(location: string | undefined, host: string, path: string): string | null {
  if (location === undefined || !URL.canParse(location, `https://${host}${path}`)) return null;
  const url = new URL(location, `https://${host}${path}`);
  return url.hostname === host.toLowerCase() && url.port === '' && /^https?:$/.test(url.protocol)
    ? `${url.pathname}${url.search}`
    : null;
}

function ask(
  options: ProbeTarget & Address,
  signal: AbortSignal,
): Promise<{ status: number; headers: IncomingHttpHeaders }> {
  const { address, port, host, path, tls = false } = options;
  const headers = {
    host,
    'x-forwarded-proto': 'https',
    'x-forwarded-host': host,
    'user-agent': 'ccci',
    accept: '*/*',
  };
  return new Promise((resolve, reject) => {
    const where: RequestOptions = { host: address, port, path, headers, signal, agent: false };
    const outgoing = (tls ? tlsRequest : plainRequest)({ ...where, ...tlsOptions(host) }, (answer) => {
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers });
      // The head is enough; a body may go on for ever.
      answer.on('error', () => {});
      answer.destroy();
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** The name is asked for, and nobody has to vouch for it: that is not what a probe is for. */
export function tlsOptions(host: string): {
  readonly servername: string;
  readonly rejectUnauthorized: false;
} {
  return { servername: host, rejectUnauthorized: false };
}

/** Traefik answers like this where no router fits; source: Go's `http.NotFound`, 19 bytes of text. */
function isProxysOwn(status: number, headers: IncomingHttpHeaders): boolean {
  return (
    status === 404 &&
    headers['content-length'] === '19' &&
    headers['content-type'] === 'text/plain; charset=utf-8' &&
    headers['x-content-type-options'] === 'nosniff'
  );
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function offDomain(status: number, headers: IncomingHttpHeaders): string {
  return isRedirect(status) ? ` with a redirect to ${headers.location ?? 'nowhere'}` : '';
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end, { once: true });
  });
}
