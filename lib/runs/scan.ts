import { type FileHandle, open, readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { messageOf } from '../program/failure.ts';
import type { Masker } from './mask.ts';

/** What the scan of a run's artefacts came to. */
export type Scan = {
  /** Paths below the run directory that held a secret; they are gone, or (the log of records) overwritten. */
  readonly leaking: readonly string[];
  /** Why it did not come to its end, in words; null when it did. */
  readonly problem: string | null;
};

/** What is not published. */
const ours: readonly string[] = ['work', 'lock'];
/** The one artefact that a run cannot do without. */
const recordsFile = 'events.ndjson';
const chunkBytes = 1024 * 1024;

/**
 * Looks for secrets in everything that a run leaves in its directory, text or not, of any size (security.md, row
 * secrets). A file that holds one is removed; in the log of records each of them is overwritten where it stands, so
 * that readers of the log keep their place. Never throws: a scan that could not be carried out says so.
 */
export async function scanArtefacts(dir: string, masker: Pick<Masker, 'forms'>): Promise<Scan> {
  const forms = masker.forms().map((form) => Buffer.from(form));
  const leaking: string[] = [];
  try {
    for (const path of await listFiles(dir)) {
      const name = relative(dir, path);
      if (ours.includes(name.split('/')[0] ?? '')) continue;
      const isLeaking = name === recordsFile ? await overwrite(path, forms) : await isFound(path, forms);
      if (!isLeaking) continue;
      leaking.push(name);
      if (name !== recordsFile) await rm(path);
    }
  } catch (error) {
    return { leaking, problem: messageOf(error) };
  }
  return { leaking, problem: null };
}

async function listFiles(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function isFound(path: string, forms: readonly Buffer[]): Promise<boolean> {
  for await (const _found of findIn(path, 'r', forms)) return true;
  return false;
}

async function overwrite(path: string, forms: readonly Buffer[]): Promise<boolean> {
  let isFoundOnce = false;
  for await (const { file, at, length } of findIn(path, 'r+', forms)) {
    isFoundOnce = true;
    await file.write(Buffer.alloc(length, '*'), 0, length, at);
  }
  return isFoundOnce;
}

type Found = { readonly file: FileHandle; readonly at: number; readonly length: number };

/** Each place where one of the forms stands; what lies across two chunks is found in the second. */
async function* findIn(path: string, flags: string, forms: readonly Buffer[]): AsyncGenerator<Found> {
  const overlap = Math.max(0, ...forms.map((form) => form.length - 1));
  const file = await open(path, flags);
  try {
    const buffer = Buffer.alloc(chunkBytes + overlap);
    for (let kept = 0, position = 0; ; ) {
      const { bytesRead } = await file.read(buffer, kept, chunkBytes, position);
      if (bytesRead === 0) return;
      const chunk = buffer.subarray(0, kept + bytesRead);
      for (const form of forms) {
        for (let at = chunk.indexOf(form); at !== -1; at = chunk.indexOf(form, at + 1))
          yield { file, at: position - kept + at, length: form.length };
      }
      position += bytesRead;
      const keep = Math.min(overlap, chunk.length);
      buffer.copyWithin(0, chunk.length - keep, chunk.length);
      kept = keep;
    }
  } finally {
    await file.close();
  }
}
