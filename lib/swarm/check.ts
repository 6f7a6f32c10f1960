import { exitStatus, Failure, messageOf } from '../program/failure.ts';
import { runChild } from './child.ts';
import { type Engine, EngineError } from './engine.ts';
import { readInfo } from './info.ts';

/**
 * The engine's version, once it has answered and is an active Swarm manager.
 * Failures (69): `engine-unreachable`, `no-swarm`, `not-a-manager`.
 */
export async function checkEngine(engine: Engine): Promise<string> {
  const [{ Version }, info] = await Promise.all([
    engine.json<{ Version: string }>('GET', '/version'),
    readInfo(engine),
  ]).catch((error: unknown) => {
    throw new Failure(
      exitStatus.unavailable,
      'engine-unreachable',
      `no Docker engine at ${engine.host}: ${wordsOf(error)}`,
      {
        cause: error,
        hint: 'Start Docker, or set DOCKER_HOST to its socket; your user needs the right to open it (group docker).',
      },
    );
  });
  if (info.Swarm?.LocalNodeState !== 'active') {
    throw new Failure(
      exitStatus.unavailable,
      'no-swarm',
      `the Docker engine at ${engine.host} is not part of a Swarm`,
      {
        hint: 'Run `docker swarm init` once.',
      },
    );
  }
  if (!info.Swarm.ControlAvailable) {
    throw new Failure(
      exitStatus.unavailable,
      'not-a-manager',
      `the Docker engine at ${engine.host} is a Swarm worker, not a manager`,
      {
        hint: 'Point DOCKER_HOST at a manager, or run `docker node promote` there.',
      },
    );
  }
  return Version;
}

/**
 * The version of the `docker` command in the PATH of `env`.
 * Failures (69): `client-missing`; `client-too-old` below 23, which has no `docker stack config`.
 */
export async function checkClient(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const hint = 'Install docker-ce-cli 23 or newer, and put it first on the PATH.';
  const { exitCode, stdout } = await runChild('docker', ['--version'], {
    env: { PATH: env.PATH },
    timeoutMs: 20_000,
  });
  const version = /version (\d+)[\w.+-]*/.exec(stdout);
  if (exitCode !== 0 || !version) {
    throw new Failure(
      exitStatus.unavailable,
      'client-missing',
      'there is no usable `docker` command on the PATH',
      { hint },
    );
  }
  const words = version[0].replace('version ', '');
  if (Number(version[1]) < 23) {
    throw new Failure(
      exitStatus.unavailable,
      'client-too-old',
      `the \`docker\` command is version ${words}, expected 23 or newer`,
      { hint },
    );
  }
  return words;
}

function wordsOf(error: unknown): string {
  return error instanceof EngineError ? error.words : messageOf(error);
}
