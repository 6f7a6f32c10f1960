import { throwIfStopped } from '../program/stopped.ts';
import { type ChildResult, runChild } from './child.ts';

export type ClientCall = {
  /** `DOCKER_HOST`; leave out for work that needs no engine. */
  readonly host?: string;
  /** Further variables; they never replace PATH, HOME or DOCKER_*. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Where the registry logins are (`DOCKER_CONFIG`). */
  readonly dockerConfig?: string | undefined;
  readonly input?: string;
  readonly cwd?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
};

/** Names that steer the client or the loader, and that a recipe's variables therefore never set (security.md, row `.env`). */
const ours =
  /^(?:PATH|HOME|NODE_OPTIONS|BASH_ENV|ENV|IFS|(?:LD_|DOCKER_|BUILDKIT_|COMPOSE_|XDG_|SSL_|OTEL_).*|.*_PROXY)$/i;

/** `COMPOSE_FILE` and such are an app's variables; no other prefix of ours is one. */
const harmless = /^COMPOSE_(?:FILE|PROFILES|PROJECT_NAME)$/;

/**
 * Runs the `docker` command with nothing of our environment but PATH; the home directory is one that does
 * not exist, so that nobody's configuration or credential helpers come in.
 */
export async function runDocker(args: readonly string[], call: ClientCall): Promise<ChildResult> {
  throwIfStopped(call.signal, `starting docker ${args.slice(0, 2).join(' ')}`);
  const result = await runChild('docker', args, {
    env: {
      ...appVariables(call.variables ?? {}),
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      HOME: '/nonexistent',
      ...(call.host === undefined ? {} : { DOCKER_HOST: call.host }),
      ...(call.dockerConfig === undefined ? {} : { DOCKER_CONFIG: call.dockerConfig }),
    },
    timeoutMs: call.timeoutMs ?? 120_000,
    ...(call.input === undefined ? {} : { input: call.input }),
    cwd: call.cwd,
    signal: call.signal,
  });
  if (result.ended === 'aborted') throwIfStopped(call.signal, `running docker ${args.slice(0, 2).join(' ')}`);
  return result;
}

/** An app's variables without those that would steer our own process. */
export function appVariables(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter(([name]) => harmless.test(name) || !ours.test(name)),
  );
}

/** Warnings, its own log, and what a client of 26 or newer says about `--detach`, which older ones do not know. */
const noise = /^(?:warning|time=|since --detach=false was not|in a future release, --detach)/i;

/** The client's words without its warnings and repeated prefixes: what a person needs. */
export function clientWords(result: ChildResult): string {
  if (result.ended !== null)
    return result.ended === 'timeout' ? 'no answer within its time limit' : result.ended;
  const lines = result.stderr.split('\n').map((line) => line.trim());
  const telling = lines.filter((line) => line !== '' && !noise.test(line));
  return telling.join('; ').replace(/^Error response from daemon: /, '') || `exit ${result.exitCode}`;
}
