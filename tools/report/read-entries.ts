import type { Entry } from './entry.ts';

/**
 * Reads all entries of a pull request as they stand together. A run that answers several ends for one after the other,
 * so what was read first may be out of date: what still runs by a run that is over for another one is read again, or
 * its status would go back to pending behind the verdict.
 */
export async function readEntries(
  files: readonly string[],
  read: (file: string) => Promise<Entry | null>,
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const file of files) {
    const entry = await read(file);
    if (entry !== null) entries.push(entry);
  }
  const over = new Set(entries.filter(({ view }) => view.results !== null).map(({ view }) => view.run));
  const fresh: Entry[] = [];
  for (const entry of entries) {
    const isStale = entry.state !== 'over' && over.has(entry.view.run);
    fresh.push((isStale ? await read(entry.file) : null) ?? entry);
  }
  return fresh;
}
