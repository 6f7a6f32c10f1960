import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../program/failure.ts';
import { diskFailure } from './disk-failure.ts';
import { type Disk, realDisk } from './files.ts';
import { statePaths } from './layout.ts';

/**
 * Paths of files that a killed program left before they got their name, sorted: those that nobody has touched for
 * longer than any program takes to write one.
 */
export async function listTemporary(
  state: string,
  { nowMs, olderThanMs }: { readonly nowMs: number; readonly olderThanMs: number },
  disk: Disk = realDisk,
): Promise<string[]> {
  const { root, in: inbox, queue, accepted, answers, closed, previews } = statePaths(state);
  const folders: readonly (readonly [string, (name: string) => boolean])[] = [
    [root, (name) => isTemporary(name) || /^id\.[0-9a-f]+\.tmp$/.test(name)],
    [inbox.tmp, () => true],
    [queue.tmp, () => true],
    ...[accepted, answers, closed, previews.root].map((folder) => [folder, isTemporary] as const),
  ];
  const found: string[] = [];
  for (const [folder, isMeant] of folders) {
    const paths = (await disk.list(folder)).filter(isMeant).map((name) => join(folder, name));
    for (const path of paths) {
      const touchedAt = await lastTouched(path);
      if (touchedAt !== null && nowMs - touchedAt > olderThanMs) found.push(path);
    }
  }
  return found.sort();
}

/** As `temporaryName` makes them. */
function isTemporary(name: string): boolean {
  return name.startsWith('.') && name.endsWith('.tmp');
}

/** When a file's content last changed, epoch ms; null when it is not there. */
export async function lastTouched(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw diskFailure('look at', path, error);
  }
}
