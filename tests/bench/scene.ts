import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { encodeLine } from '@ccci/lib/records/encode.ts';
import { triggerExample } from '@ccci/lib/records/trigger.ts';
import type { Command } from './timed.ts';

const top = join(import.meta.dirname, '..', '..');

/** A built program, run by this Node. */
export function program(name: string, ...args: string[]): Command {
  return [process.execPath, join(top, 'dist', 'bin', name), ...args];
}

/** A peer of `tests/bench/peers`, run by this Node. */
export function peer(name: string, ...args: string[]): Command {
  return [process.execPath, join(import.meta.dirname, 'peers', name), ...args];
}

/** An empty folder on the disk that `TMPDIR` names, removed at the end. */
export async function* scratch(): AsyncGenerator<string> {
  const dir = await mkdtemp(join(tmpdir(), 'ccci-bench-'));
  try {
    yield dir;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Triggers of `ccci-poll`, some 700 bytes each, with the keys `gitea-1` to `gitea-<count>`. */
export async function writeTriggers(path: string, count: number): Promise<void> {
  await writeLines(path, count, (id) => {
    const created = new Date(Date.UTC(2026, 0, 1) + 1000 * id).toISOString().replace('.000Z', 'Z');
    const url = `${triggerExample.pr?.url}#issuecomment-${id}`;
    // So many people that none of them meets a limit, each on a pull request of its own.
    const comment = { id, url, author: `ana${id % 500}`, created };
    const pr = { ...triggerExample.pr, number: id };
    return encodeLine({ ...triggerExample, key: `gitea-${id}`, pr, comment });
  });
}

/** A fresh state directory that knows all keys up to `gitea-<count>` but those that `isNew` names; durable. */
export async function makeState(
  state: string,
  count: number,
  isNew: (id: number) => boolean = () => false,
): Promise<void> {
  await rm(state, { recursive: true, force: true });
  await mkdir(state);
  const path = join(state, 'seen.ndjson');
  const at = '2026-11-23T10:15:00.000Z';
  await writeLines(path, count, (id) => {
    const key = `gitea-${id}`;
    return isNew(id) ? '' : encodeLine({ key, at, file: `20261123T101458Z-${key}` });
  });
  const file = await open(path, 'r');
  await file.sync();
  await file.close();
}

async function writeLines(path: string, count: number, line: (id: number) => string): Promise<void> {
  const atOnce = 1000;
  const texts = function* () {
    for (let first = 1; first <= count; first += atOnce) {
      const length = Math.min(atOnce, count - first + 1);
      yield Array.from({ length }, (_, index) => line(first + index)).join('');
    }
  };
  await pipeline(Readable.from(texts()), createWriteStream(path));
}
