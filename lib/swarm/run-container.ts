import { randomBytes } from 'node:crypto';
import { setTimeout as elapsed } from 'node:timers/promises';
import { throwIfStopped } from '../program/stopped.ts';
import { readFrames } from './container-log.ts';
import type { Engine } from './engine.ts';

export type ContainerOptions = {
  /** On the engine already. */
  readonly image: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Name of the run's network: the only one it is on. */
  readonly network: string;
  readonly labels: Readonly<Record<string, string>>;
  /** A tar that is unpacked at `/` before it starts. */
  readonly files: Buffer;
  readonly workingDir: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Output that is kept, bytes; the rest is thrown away. */
  readonly outputBytes: number;
};

export type ContainerEnding = {
  /** Null where it was ended at its time limit. */
  readonly exitCode: number | null;
  readonly stdout: string;
  /** Both streams. */
  readonly output: string;
  readonly timedOut: boolean;
};

const memoryBytes = 1024 ** 3;

/**
 * Runs foreign code in a container of its own until it ends, at most `timeoutMs`: nobody's user, no capabilities, no
 * volumes, no socket, limits of memory, processes and log, one network. It is removed afterwards, on every path.
 */
export async function runContainer(engine: Engine, options: ContainerOptions): Promise<ContainerEnding> {
  const { signal, timeoutMs, files } = options;
  const name = `ccci-tests-${randomBytes(6).toString('hex')}`;
  const { Id } = await engine.json<{ Id: string }>(
    'POST',
    `/containers/create?name=${name}`,
    specification(options),
    { signal },
  );
  try {
    await engine.json('PUT', `/containers/${Id}/archive?path=/`, files, { signal, timeoutMs: 0 });
    await engine.json('POST', `/containers/${Id}/start`, undefined, { signal });
    const limit = new AbortController();
    const waiting = engine.json<{ StatusCode: number }>('POST', `/containers/${Id}/wait`, undefined, {
      signal,
      timeoutMs: 0,
    });
    waiting.catch(() => {});
    const late = elapsed(timeoutMs, null, { signal: limit.signal }).catch(() => null);
    const ended = await Promise.race([waiting, late]).finally(() => limit.abort());
    if (ended === null) await engine.json('POST', `/containers/${Id}/kill`, undefined, {}).catch(() => {});
    const texts = await readOutput(engine, Id, options.outputBytes);
    return { ...texts, exitCode: ended?.StatusCode ?? null, timedOut: ended === null };
  } finally {
    await engine.json('DELETE', `/containers/${Id}?force=1&v=1`);
    throwIfStopped(signal, 'running tests in a container');
  }
}

function specification({ image, command, env, network, labels, workingDir }: ContainerOptions): object {
  return {
    Image: image,
    Entrypoint: command,
    Cmd: [],
    Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
    User: '65534:65534',
    WorkingDir: workingDir,
    Labels: labels,
    HostConfig: {
      NetworkMode: network,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Memory: memoryBytes,
      MemorySwap: memoryBytes,
      PidsLimit: 512,
      Init: true,
      Tmpfs: { '/tmp': 'size=256m,mode=1777' },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '16m', 'max-file': '1' } },
    },
  };
}

async function readOutput(
  engine: Engine,
  id: string,
  limit: number,
): Promise<Pick<ContainerEnding, 'stdout' | 'output'>> {
  const stream = await engine.stream('GET', `/containers/${id}/logs?stdout=1&stderr=1`, undefined, {
    timeoutMs: 60_000,
  });
  const out: Buffer[] = [];
  const all: Buffer[] = [];
  let bytes = 0;
  for await (const frames of readFrames(stream, false)) {
    for (const { from, data } of frames) {
      bytes += data.length;
      if (bytes > limit) continue;
      all.push(data);
      if (from === 'out') out.push(data);
    }
  }
  return { stdout: Buffer.concat(out).toString('utf8'), output: Buffer.concat(all).toString('utf8') };
}
