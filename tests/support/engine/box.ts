import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import { callEngine } from './call.ts';

export type BoxOptions = {
  /** False: an engine that is no swarm. */
  readonly swarm?: boolean;
  /** Size of a disk of the engine's own, in MiB; by default it shares the machine's. */
  readonly diskMb?: number;
};

/** A private Docker engine in a network, process and mount namespace of its own. */
export type Box = {
  /** Its folder under the system's temporary folder; gone after `stop`. */
  readonly dir: string;
  /** The engine's socket; reachable from outside the box, too. */
  readonly socket: string;
  /** `unix://…`, for `DOCKER_HOST`. */
  readonly dockerHost: string;
  /** A process in the box, for `nsenter -t`. */
  readonly pid: number;
  /** Ends everything in the box and removes it; returns when nothing is left. Safe to call twice. */
  readonly stop: () => Promise<void>;
};

const startMs = 120_000;
// A path of a unix socket has at most 107 bytes.
const longestSocket = 107;

/**
 * Starts a box with an engine of its own and a swarm of one node, and returns when it answers. Any number can stand
 * side by side, and none touches an engine of the user's. It ends with `stop`, or with this process, however that ends.
 * Needs root. A `Failure` (69) with the engine's last words when it does not come up within two minutes.
 */
export async function startBox({ swarm = true, diskMb }: BoxOptions = {}): Promise<Box> {
  requireRoot();
  const dir = await mkdtemp(join(tmpdir(), 'ccci-box-'));
  const socket = join(dir, 'docker.sock');
  if (Buffer.byteLength(socket) > longestSocket) await refuseLongPath(dir, socket);
  // Empty configurations: nothing of the user's, neither of the engine nor of the client.
  await mkdir(join(dir, 'config'));
  await writeFile(join(dir, 'daemon.json'), '{}\n');
  const keeper = spawn(
    'sh',
    [join(import.meta.dirname, 'keeper.sh'), dir, basename(dir), String(diskMb ?? '')],
    {
      detached: true,
      stdio: ['pipe', 'ignore', 'inherit'],
      // A machine of tests has memory, and few processors: the engine collects its garbage less often.
      env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin`, GOGC: '400' },
    },
  );
  const stop = makeStop(keeper);
  try {
    await untilReady(dir, socket, keeper);
    if (swarm) await callEngine(socket, 'POST', '/swarm/init', swarmOptions);
  } catch (error) {
    const lastWords = existsSync(join(dir, 'log'))
      ? readFileSync(join(dir, 'log'), 'utf8').trim().split('\n').slice(-3)
      : [];
    await stop();
    throw new Failure(
      exitStatus.unavailable,
      'box-failed',
      `the private Docker engine did not come up: ${lastWords.join(' | ')}`,
      {
        cause: error,
        hint: 'run `node scripts/setup.mjs`; a container needs --privileged for an engine of its own',
      },
    );
  }
  return { dir, socket, dockerHost: `unix://${socket}`, pid: pidOf(dir), stop };
}

/** The process in the box of this folder that `nsenter` enters through. */
export function pidOf(dir: string): number {
  return Number(readFileSync(join(dir, 'init.pid'), 'utf8'));
}

const swarmOptions = { ListenAddr: '0.0.0.0:2377', AdvertiseAddr: '127.0.0.1' };

function requireRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new Failure(
    exitStatus.unavailable,
    'not-root',
    'a private Docker engine needs root, and this is an ordinary user',
    {
      hint: 'run it as root, in a container or a virtual machine if you like',
    },
  );
}

async function refuseLongPath(dir: string, socket: string): Promise<never> {
  await rm(dir, { recursive: true });
  throw new Failure(exitStatus.unavailable, 'path-too-long', `${socket} is too long for a socket`, {
    hint: 'set TMPDIR to a folder with a shorter path',
  });
}

function makeStop(keeper: ChildProcess): () => Promise<void> {
  const ended = new Promise<void>((resolve) => keeper.once('close', () => resolve()));
  keeper.stdin!.on('error', () => {});
  return () => {
    keeper.stdin!.end();
    return ended;
  };
}

/** Waits until the engine answers; a look each 20 ms, because an engine that is not there yet has no events. */
async function untilReady(dir: string, socket: string, keeper: ChildProcess): Promise<void> {
  const deadline = Date.now() + startMs;
  for (;;) {
    const error = await callEngine(socket, 'GET', '/_ping').then(
      () => undefined,
      (reason: Error) => reason,
    );
    if (!error && existsSync(join(dir, 'init.pid'))) return;
    if (keeper.exitCode !== null || isOver(dir)) throw new Error('the engine ended', { cause: error });
    if (Date.now() > deadline)
      throw new Error(`no answer on ${socket} within ${startMs} ms`, { cause: error });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** True when the box's outermost process has ended; the keeper reaps it only later. */
function isOver(dir: string): boolean {
  const file = join(dir, 'unshare.pid');
  const pid = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (pid === '') return false;
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
  return !stat || stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
}
