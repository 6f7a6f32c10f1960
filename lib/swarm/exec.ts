import { throwIfStopped } from '../program/stopped.ts';
import { readFrames } from './container-log.ts';
import { type Engine, EngineError } from './engine.ts';

export type ExecResult = {
  /** 124 when the time was up. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The time was up; what was started goes on until its container ends, for the engine cannot stop it. */
  readonly isTimedOut: boolean;
};

export type ExecOptions = {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly env?: Readonly<Record<string, string>>;
  /** User in the container; without it that of the image. */
  readonly user?: string;
};

/** Output beyond this is left out, in bytes. */
const outputLimit = 10_000_000;

/** Runs a command in a running container; 126 and 127 say that it could not be started there (the container has ended, too). */
export async function execInContainer(
  engine: Engine,
  container: string,
  argv: readonly string[],
  { timeoutMs, signal, env = {}, user }: ExecOptions,
): Promise<ExecResult> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const either = signal ? AbortSignal.any([signal, deadline]) : deadline;
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  const result = (exitCode: number, isTimedOut: boolean): ExecResult => {
    return {
      exitCode,
      stdout: Buffer.concat(out).toString('utf8'),
      stderr: Buffer.concat(err).toString('utf8'),
      isTimedOut,
    };
  };
  try {
    const { Id } = await engine.json<{ Id: string }>(
      'POST',
      `/containers/${container}/exec`,
      {
        Cmd: argv,
        AttachStdout: true,
        AttachStderr: true,
        Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
        ...(user ? { User: user } : {}),
      },
      { signal: either },
    );
    const stream = await engine.stream(
      'POST',
      `/exec/${Id}/start`,
      { Detach: false, Tty: false },
      { signal: either },
    );
    let bytes = 0;
    for await (const frames of readFrames(stream, false)) {
      for (const { from, data } of frames) {
        bytes += data.length;
        if (bytes <= outputLimit) (from === 'err' ? err : out).push(data);
      }
    }
    const { ExitCode } = await engine.json<{ ExitCode: number | null }>(
      'GET',
      `/exec/${Id}/json`,
      undefined,
      { signal: either },
    );
    return result(ExitCode ?? 126, false);
  } catch (error) {
    throwIfStopped(signal, `running ${argv[0]} in a container`);
    if (deadline.aborted) return result(124, true);
    if (error instanceof EngineError && [404, 409].includes(error.httpStatus)) {
      // The container has ended or is gone: nothing can be started there.
      err.push(Buffer.from(error.words));
      return result(126, false);
    }
    throw error;
  }
}
