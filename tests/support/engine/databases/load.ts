import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import { lockPatiently } from '@ccci/lib/state/lock.ts';
import type { Box } from '../box.ts';
import { callEngine } from '../call.ts';

const run = promisify(execFile);

export type DatabaseName = 'postgres' | 'mariadb';

/**
 * Images with a real database, of the packages that this machine's Debian has (15 and 10.11 on Debian 12), which
 * behave as recipes know the official ones. Each also has `bash` and what a hook needs.
 */
export const databaseImages: Readonly<Record<DatabaseName, string>> = {
  postgres: 'lab.invalid/postgres:15',
  mariadb: 'lab.invalid/mariadb:10.11',
};

/** The first time packages are fetched and unpacked: 20 s each on a quiet machine. */
const makeMs = 600_000;
const loadMs = 120_000;

/**
 * Loads a database's image into the box, once for all test files that want it. It is made of Debian packages the first
 * time on a machine and kept in the user's cache folder. `Failure` `no-database-image` (69) where that is not possible.
 */
export async function loadDatabase(box: Box, name: DatabaseName): Promise<void> {
  const file = await makeImage(box, name);
  const lock = await lockPatiently(join(box.dir, `${name}.lock`), loadMs);
  try {
    if (!(await hasImage(box, databaseImages[name]))) await importImage(box, name, file);
  } finally {
    lock?.release();
  }
}

/** Whoever comes at the same time waits for the lock that the script takes. */
async function makeImage(box: Box, name: DatabaseName): Promise<string> {
  const file = join(cacheFolder(), `${name}-${keyOf(name)}.tar`);
  const command = ['sh', join(import.meta.dirname, 'build.sh'), name, databaseImages[name], file];
  try {
    const [program = '', ...args] = [...outsideOf(box), ...command];
    await run(program, args, { timeout: makeMs, maxBuffer: 10_000_000 });
  } catch (error) {
    const words = String((error as { stderr?: string }).stderr ?? '').trim();
    throw new Failure(
      exitStatus.unavailable,
      'no-database-image',
      `the image ${databaseImages[name]} for tests could not be made: ${words || String(error)}`,
      { cause: error, hint: 'it is made of Debian packages: that needs root, apt-get and its mirror' },
    );
  }
  return file;
}

/** A test runs in the box's network, which leads nowhere: packages come through that of the box's keeper. */
function outsideOf(box: Box): string[] {
  const outermost = readFileSync(join(box.dir, 'unshare.pid'), 'utf8').trim();
  const keeper = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${outermost}/status`, 'utf8'))?.[1] ?? '';
  return ['nsenter', '-t', keeper, '-n', '--'];
}

function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ccci-test-images');
}

/** Changes with whatever the image is made by and of. */
function keyOf(name: DatabaseName): string {
  const parts = ['build.sh', `${name}-entry.sh`].map((part) =>
    readFileSync(join(import.meta.dirname, part), 'utf8'),
  );
  const release = readFileSync('/etc/os-release', 'utf8');
  return createHash('sha256')
    .update(JSON.stringify([parts, release, process.arch]))
    .digest('hex')
    .slice(0, 16);
}

function hasImage(box: Box, image: string): Promise<boolean> {
  return callEngine(box.socket, 'GET', `/images/${image}/json`).then(
    () => true,
    () => false,
  );
}

async function importImage(box: Box, name: DatabaseName, file: string): Promise<void> {
  const answer = await callEngine(box.socket, 'POST', '/images/load?quiet=1', createReadStream(file));
  // The engine answers 200 at once and tells of errors in the stream.
  if (answer.includes('"error"'))
    throw new Error(`engine: loading ${databaseImages[name]}: ${answer.trim()}`);
}
