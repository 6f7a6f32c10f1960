import { type IncomingHttpHeaders, request } from 'node:http';
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
};

export type ProbeTarget = {
  /** The domain: it goes into `Host`, and redirects are followed while they stay on it. */
  readonly host: string;
  readonly path: string;
  /** Accepted statuses; 200 unless told. */
  readonly ok?: readonly number[];
  readonly signal?: AbortSignal | undefined;
};

export type Address = { readonly address: string; readonly port: number };

const mostRedirects = 10;
const attemptMs = 10_000;

/**
 * Asks a task over plain HTTP as its proxy would. A redirect is followed while it stays on the domain; the last
 * answer counts (stages.md, What passes). Never throws for what the task does: that is the result.
 */
export async function probeHttp(
  options: ProbeTarget & Address & { readonly timeoutMs: number },
): Promise<Probe> {
  const { host, ok = [200], timeoutMs, signal } = options;
  const startedAt = performance.now();
  const deadline = AbortSignal.timeout(Math.ceil(timeoutMs));
  const either = signal ? AbortSignal.any([signal, deadline]) : deadline;
  const result = (status: number | null, message: string | null): Probe => {
    return { ok: message === null, status, ms: Math.round(performance.now() - startedAt), message };
  };
  let path = options.path;
  try {
    for (let redirects = 0; ; redirects += 1) {
      const { status, headers } = await ask({ ...options, path }, either);
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
    await pause(Math.min(pauseMs, leftMs), target.signal);
  }
}

/** The path of a redirect that stays on the domain, relative ones included; null for one that leads away. Pure. */
export function redirectPath(location: string | undefined, host: string, path: string): string | null {
  if (location === undefined || !URL.canParse(location, `https://${host}${path}`)) return null;
  const url = new URL(location, `https://${host}${path}`);
  return url.hostname === host.toLowerCase() && /^https?:$/.test(url.protocol)
    ? `${url.pathname}${url.search}`
    : null;
}

function ask(
  options: ProbeTarget & Address,
  signal: AbortSignal,
): Promise<{ status: number; headers: IncomingHttpHeaders }> {
  const { address, port, host, path } = options;
  const headers = {
    host,
    'x-forwarded-proto': 'https',
    'x-forwarded-host': host,
    'user-agent': 'ccci',
    accept: '*/*',
  };
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: address, port, path, headers, signal, agent: false }, (answer) => {
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers });
      // The head is enough; a body may go on for ever.
      answer.on('error', () => {});
      answer.destroy();
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
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
