import { connect } from 'node:net';
import { throwIfStopped } from '../program/stopped.ts';
import type { Address, Probe } from './http.ts';

export type TcpOptions = {
  readonly resolve: () => Promise<Address | null>;
  /** How long it must answer without a break, in milliseconds. */
  readonly stableMs?: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
};

const attemptMs = 3_000;
const betweenMs = 200;

/** Waits until a port takes connections, and has taken them all the time for `stableMs`. */
export async function waitTcp({ resolve, stableMs = 0, timeoutMs, signal }: TcpOptions): Promise<Probe> {
  const startedAt = performance.now();
  const spent = () => Math.round(performance.now() - startedAt);
  let openSince: number | null = null;
  let message = 'no task runs';
  let by: string | undefined;
  while (spent() < timeoutMs) {
    throwIfStopped(signal, 'waiting for a port to answer');
    const address = await resolve();
    const problem = address === null ? 'no task runs' : await tryConnect(address);
    by = address?.by;
    if (problem === null) openSince ??= performance.now();
    else {
      openSince = null;
      message = problem;
    }
    if (openSince !== null && performance.now() - openSince >= stableMs)
      return { ok: true, status: null, ms: spent(), message: null, by };
    await new Promise((next) => setTimeout(next, betweenMs));
  }
  const why = openSince === null ? message : `open, but not for ${stableMs / 1000} s without a break`;
  return { ok: false, status: null, ms: spent(), message: `${why}, for ${timeoutMs / 1000} s` };
}

/** Null when the port takes a connection, else why not. */
function tryConnect({ address, port }: Address): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: attemptMs });
    const end = (problem: string | null) => {
      socket.destroy();
      resolve(problem);
    };
    socket.on('connect', () => end(null));
    socket.on('timeout', () => end(`port ${port} does not answer`));
    socket.on('error', (error) => end(`port ${port}: ${error.message}`));
  });
}
