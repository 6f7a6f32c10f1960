import { readFile } from 'node:fs/promises';
import { checkClient } from '../swarm/check.ts';
import { runChild } from '../swarm/child.ts';
import { localDataRoot } from '../swarm/data-root.ts';
import { connectEngine } from '../swarm/engine.ts';
import { findProgram } from '../testing/programs.ts';
import { lookForPython } from '../testing/python.ts';
import { answerOf } from './answer-of.ts';
import type { Facts } from './facts.ts';
import { readEngine } from './read-engine.ts';
import { readDisks, readMemory } from './read-room.ts';
import { readNamespaces, readSandbox } from './read-sandbox.ts';

export type Machine = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
  readonly node: string;
  readonly dockerHost: string | undefined;
  /** Where run directories are made. */
  readonly runs: string;
  readonly needed: Facts['needed'];
};

/** Names that Chromium has on Debian, on NixOS and elsewhere. */
const browsers = ['chromium', 'chromium-browser', 'google-chrome-stable'];
const usualHost = /^unix:\/\/(\/var)?\/run\/docker\.sock$/;
const versionMs = 20_000;

/** Looks at this machine and its engine; nothing is changed. Whatever is missing is an answer. */
export async function readFacts({ env, isRoot, node, dockerHost, runs, needed }: Machine): Promise<Facts> {
  const engine = await answerOf(async () => connectEngine(dockerHost));
  const version = (name: string, argument: string) => versionOf(name, argument, env.PATH);
  const [client, answering, git, flock, restic] = await Promise.all([
    answerOf(() => checkClient(env)),
    engine.ok ? readEngine(engine.value) : engine,
    version('git', '--version'),
    version('flock', '--version'),
    version('restic', 'version'),
  ]);
  const root = engine.ok && answering.ok ? await localDataRoot(engine.value).catch(() => null) : null;
  return {
    ...{ node, isRoot, needed, client, engine: answering, programs: { git, flock, restic } },
    ...(await readSandbox(isRoot, env.PATH)),
    namedHost: !dockerHost || usualHost.test(dockerHost) ? null : dockerHost,
    system: systemOf(await readFile('/etc/os-release', 'utf8').catch(() => '')),
    namespaces: await readNamespaces(),
    pytest: (await lookForPython(env.PATH))?.executable ?? null,
    chromium: await findFirst(browsers, env.PATH),
    disks: await readDisks(root === null ? [runs] : [runs, root]),
    memoryMb: await readMemory(),
  };
}

/** Which family of systems `/etc/os-release` names. Pure. */
export function systemOf(release: string): Facts['system'] {
  const ids = [...release.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap(([, ids]) => ids?.split(' '));
  if (ids.includes('nixos')) return 'nixos';
  return ids.includes('debian') || ids.includes('ubuntu') ? 'debian' : null;
}

async function versionOf(name: string, argument: string, path: string | undefined): Promise<string | null> {
  const options = { env: { PATH: path ?? '/usr/bin:/bin', HOME: '/nonexistent' }, timeoutMs: versionMs };
  const { exitCode, stdout } = await runChild(name, [argument], options);
  if (exitCode !== 0) return null;
  return /\d+(?:\.\d+)+/.exec(stdout)?.[0] ?? 'of unknown version';
}

async function findFirst(names: readonly string[], path: string | undefined): Promise<string | null> {
  const found = await Promise.all(names.map((name) => findProgram(name, path)));
  return found.find((file) => file !== null) ?? null;
}
